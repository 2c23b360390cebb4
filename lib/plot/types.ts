/** A curve with its confidence band. */
export interface Curve {
  /** Unique within the chart. */
  name: string;
  /** Text after the name in the legend. */
  note: string;
  /** Whether the curve is dashed, which marks a control. */
  dashed: boolean;
  points: { x: number; y: number; low: number; high: number }[];
}

export interface LineChart {
  title: string;
  subtitle: string;
  /** Axis labels; both axes run from 0 to 1 and are labelled in per cent. */
  x: string;
  y: string;
  curves: Curve[];
}

export interface DotChart {
  title: string;
  subtitle: string;
  /** Axis labels; both axes run from 0 to 1. */
  x: string;
  y: string;
  dots: { x: number; y: number; value: number; label: string }[];
}

/** Common fields of the panels of a larger picture. */
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
  /** Position of the legend inside the frame; default top. */
  legend?: 'top' | 'bottom';
  /** Named ranges of x. */
  bands?: { name: string; from: number; to: number }[];
}

export interface HeatPanel extends PanelFrame {
  /** Axis labels; both axes run from 0 to 1. */
  x: string;
  y: string;
  cells: { x1: number; x2: number; y1: number; y2: number; share: number }[];
  /** The far corner of A, and the inner corner of B. */
  low: { x: number; y: number };
  high: { x: number; y: number };
  /** Lower end of the colour scale; smaller shares are clamped to it. */
  least: number;
}

/** Numbered dots with a legend on the right. */
export interface ScatterPanel extends PanelFrame {
  /** Axis label; the values are shares. */
  x: string;
  /** Axis label and tick format; no value is above 1. */
  y: { label: string; tickFormat: (value: number) => string };
  dots: { x: number; y: number; name: string; note: string; control: boolean }[];
}
