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
