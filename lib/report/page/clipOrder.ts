/** Orders in which clips are worth looking at, the first of them first. */
export const CLIP_ORDERS = ['disagreement', 'worst', 'best'] as const;
export type ClipOrder = (typeof CLIP_ORDERS)[number];

/** Metrics to look at first: at matched area where there are boxes, else what says most without them. */
export const FIRST_METRICS = ['stcAt10', 'insertion', 'dc'] as const;

/**
 * Where a clip stands in an order, high for what comes first: by the mean of the methods' values, or by how far these
 * lie apart (their variance).
 *
 * @param values of the methods, controls left out; a clip without any comes last
 */
export function standing(values: readonly number[], better: 'low' | 'high' | null, order: ClipOrder): number {
  if (values.length === 0) return Number.NEGATIVE_INFINITY;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (order === 'disagreement')
    return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return (better === 'low' ? -mean : mean) * (order === 'best' ? 1 : -1);
}
