import type { BenchClipDocument, MetricDocument, RowDocument } from '../../report/page/document';

export type ClipOrder = 'given' | 'best' | 'worst' | 'disagreement';

/** A clip with one value for each method. */
export interface RankedClip extends BenchClipDocument {
  values: {
    method: string;
    value: number | null;
    /** The value from the column's worst, 0, to its best, 1; null where there is no better and worse. */
    goodness: number | null;
  }[];
}

interface Ranking {
  clips: BenchClipDocument[];
  /** The columns, in order. */
  rows: RowDocument[];
  area: number;
  metric: MetricDocument;
  /** The metric's place in a clip's values. */
  index: number;
}

/**
 * Clips in an order worth looking at: by the mean of the methods' values, or by how far these lie apart (their
 * standard deviation). Controls take no part; clips without a value come last.
 */
export function rankClips(ranking: Ranking, order: ClipOrder): RankedClip[] {
  const ranked = ranking.clips.map((clip) => withValues(clip, ranking));
  if (order === 'given') return ranked;
  const rivals = new Set(ranking.rows.filter(({ control }) => !control).map(({ method }) => method));
  const keys = new Map(ranked.map((clip) => [clip, keyOf(clip, rivals, ranking.metric, order)]));
  return ranked.sort((a, b) => keys.get(b)! - keys.get(a)!);
}

function withValues(clip: BenchClipDocument, { rows, area, metric, index }: Ranking): RankedClip {
  const values = rows.map(({ method }) => {
    const found = clip.scores.find(
      (one) => one.method === method && (one.area === area || one.area === null),
    );
    const value = found?.values[index] ?? null;
    if (value === null || metric.better === null) return { method, value, goodness: null };
    const clipped = Math.min(Math.max(value, 0), 1);
    return { method, value, goodness: metric.better === 'low' ? 1 - clipped : clipped };
  });
  return { ...clip, values };
}

/** High for what comes first. */
function keyOf(clip: RankedClip, rivals: Set<string>, { better }: MetricDocument, order: ClipOrder): number {
  const values = clip.values.flatMap(({ method, value }) => (rivals.has(method) ? (value ?? []) : []));
  if (values.length === 0) return Number.NEGATIVE_INFINITY;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (order === 'disagreement')
    return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return (better === 'low' ? -mean : mean) * (order === 'best' ? 1 : -1);
}
