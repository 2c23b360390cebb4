/** Orders of the clips on a page; the first is the default. */
export const CLIP_ORDERS = ['disagreement', 'worst', 'best'] as const;
export type ClipOrder = (typeof CLIP_ORDERS)[number];

/**
 * Preference of the metric shown first: STC at matched area where there are boxes, otherwise the most informative one
 * without them.
 */
export const FIRST_METRICS = ['stcAt10', 'insertion', 'dc'] as const;

/**
 * The sort key of a clip, highest first: the mean of the methods' values, or for `disagreement` their variance.
 *
 * @param values the methods' values without controls; a clip without values comes last
 */
export function clipSortKey(
  values: readonly number[],
  better: 'low' | 'high' | null,
  order: ClipOrder,
): number {
  if (values.length === 0) return Number.NEGATIVE_INFINITY;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (order === 'disagreement')
    return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return (better === 'low' ? -mean : mean) * (order === 'best' ? 1 : -1);
}
