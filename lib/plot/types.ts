/** A curve with the band it may lie in. */
export interface Curve {
  /** Unique in its chart. */
  name: string;
  /** What the legend says behind the name. */
  note: string;
  /** Dashed: a control, not a competitor. */
  dashed: boolean;
  points: { x: number; y: number; low: number; high: number }[];
}

export interface LineChart {
  title: string;
  subtitle: string;
  /** Names of the axes; both run from 0 to 1 and are marked in per cent. */
  x: string;
  y: string;
  curves: Curve[];
}

export interface DotChart {
  title: string;
  subtitle: string;
  /** Names of the axes; both run from 0 to 1. */
  x: string;
  y: string;
  dots: { x: number; y: number; value: number; label: string }[];
}

/** What panels of a larger picture have in common. */
interface PanelFrame {
  title: string;
  subtitle: string;
  /** Pixels. */
  width: number;
  height: number;
}

export interface LinePanel extends PanelFrame {
  x: { label: string; domain: [number, number] };
  y: {
    label: string;
    type?: 'linear' | 'log';
    domain?: [number, number];
    ticks?: number[];
    tickFormat?: (value: number) => string;
  };
  lines: { name: string; dashed?: boolean; points: { x: number; y: number }[] }[];
  /** Where the legend lies inside the frame; default top. */
  legend?: 'top' | 'bottom';
  /** Ranges of x with a name. */
  bands?: { name: string; from: number; to: number }[];
}

export interface HeatPanel extends PanelFrame {
  /** Names of the axes; both run from 0 to 1. */
  x: string;
  y: string;
  cells: { x1: number; x2: number; y1: number; y2: number; share: number }[];
  /** The far corner of A, and the corner that B leaves out. */
  low: { x: number; y: number };
  high: { x: number; y: number };
  /** Smaller shares have the colour of this one. */
  least: number;
}

/** Numbered dots, and on the right what each number stands for. */
export interface ScatterPanel extends PanelFrame {
  /** Name of the axis, whose values are shares. */
  x: string;
  /** The same, marked as told; none is above 1. */
  y: { label: string; tickFormat: (value: number) => string };
  dots: { x: number; y: number; name: string; note: string; control: boolean }[];
}
