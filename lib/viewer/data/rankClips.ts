import { type ClipOrder, clipSortKey, FIRST_METRICS } from '../../report/page/clipOrder';
import type { BenchClipDocument, MetricDocument, RowDocument } from '../../report/page/document';

/** A clip with one value for each method. */
export interface RankedClip extends BenchClipDocument {
  values: {
    method: string;
    value: number | null;
    /** The value scaled so that 0 is worst and 1 is best; null if neither direction is better. */
    goodness: number | null;
  }[];
}

interface Ranking {
  clips: BenchClipDocument[];
  /** The columns, in order. */
  rows: RowDocument[];
  area: number;
  metric: MetricDocument;
  /** The metric's index in a clip's values. */
  index: number;
}

/**
 * Sorts clips by the given order; `given` keeps that of the data set. Controls are ignored, and clips without a value
 * come last.
 */
export function rankClips(ranking: Ranking, order: ClipOrder | 'given'): RankedClip[] {
  const ranked = ranking.clips.map((clip) => withValues(clip, ranking));
  if (order === 'given') return ranked;
  const rivals = new Set(ranking.rows.filter(({ control }) => !control).map(({ method }) => method));
  const valuesOf = ({ values }: RankedClip) =>
    values.flatMap(({ method, value }) => (rivals.has(method) ? (value ?? []) : []));
  const keys = new Map(
    ranked.map((clip) => [clip, clipSortKey(valuesOf(clip), ranking.metric.better, order)]),
  );
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

/** The name of the metric to show first. */
export function firstMetric(metrics: readonly MetricDocument[]): string {
  const isThere = (name: string) => metrics.some((metric) => metric.name === name);
  return FIRST_METRICS.find(isThere) ?? metrics[0]?.name ?? '';
}
