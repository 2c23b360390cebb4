import { dct3, idct3, type Shape3 } from './dct';

/** r_l and r_h. */
export interface Ratios {
  lowRatio: number;
  highRatio: number;
}

/** Which band of Eq. (6) a frequency is in: A, B, or neither, and then modulation removes it. */
export type Band = 'low' | 'high' | 'removed';

/** Forgives rounding: (1 − 0.9)·10 is a little less than 1. */
const TOLERANCE = 1e-6;

/**
 * The edges of A and B on an axis of n frequencies: A has those before `low`, B those from `high` on. As the addon
 * sets them: A keeps at least the constant where r_l is above 0.
 */
export function bandEdges(n: number, { lowRatio, highRatio }: Ratios): { low: number; high: number } {
  const edge = (ratio: number) => Math.floor(ratio * n + TOLERANCE);
  const low = lowRatio > 0 ? Math.max(edge(lowRatio), 1) : 0;
  return { low, high: Math.max(edge(1 - highRatio), low) };
}

/** The band of every frequency, T×H×W: A is a box at the origin, B what is outside a larger box. */
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

/** Eq. (6): what the bands A and B keep of T×H×W numbers. */
export function modulate(values: ArrayLike<number>, shape: Shape3, ratios: Ratios): Float64Array {
  const spectrum = dct3(values, shape);
  for (const [i, band] of bandsOf(shape, ratios).entries()) if (band === 'removed') spectrum[i] = 0;
  return idct3(spectrum, shape);
}
