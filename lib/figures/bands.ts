import { dct3, idct3, type Shape3 } from './dct';

/** r_l and r_h. */
export interface Ratios {
  lowRatio: number;
  highRatio: number;
}

/**
 * The band of Eq. (6) that a frequency belongs to: A (`low`), B (`high`), or neither, in which case modulation removes
 * it.
 */
export type Band = 'low' | 'high' | 'removed';

/** Tolerance for rounding: (1 − 0.9)·10 is slightly less than 1. */
const TOLERANCE = 1e-6;

/**
 * The edges of A and B on an axis of n frequencies: A has those below `low`, B those from `high` up. As in the addon, A
 * keeps at least the constant component if r_l > 0.
 */
export function bandEdges(n: number, { lowRatio, highRatio }: Ratios): { low: number; high: number } {
  const edge = (ratio: number) => Math.floor(ratio * n + TOLERANCE);
  const low = lowRatio > 0 ? Math.max(edge(lowRatio), 1) : 0;
  return { low, high: Math.max(edge(1 - highRatio), low) };
}

/** The band of every frequency, T×H×W: A is a box at the origin, B everything outside a larger box. */
export function bandsOf(shape: Shape3, ratios: Ratios): Band[] {
  const [t, h, w] = shape.map((n) => bandEdges(n, ratios)) as [Edges, Edges, Edges];
  const bands: Band[] = [];
  for (let k = 0; k < shape[0]; k++)
    for (let i = 0; i < shape[1]; i++)
      for (let j = 0; j < shape[2]; j++) {
        if (k < t.low && i < h.low && j < w.low) bands.push('low');
        else bands.push(k < t.high && i < h.high && j < w.high ? 'removed' : 'high');
      }
  return bands;
}

type Edges = ReturnType<typeof bandEdges>;

/** Eq. (6): keeps the bands A and B of T×H×W values. */
export function modulate(values: ArrayLike<number>, shape: Shape3, ratios: Ratios): Float64Array {
  const spectrum = dct3(values, shape);
  for (const [i, band] of bandsOf(shape, ratios).entries()) if (band === 'removed') spectrum[i] = 0;
  return idct3(spectrum, shape);
}
