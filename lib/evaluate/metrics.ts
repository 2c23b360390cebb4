import type { MaskScores } from '../metrics/score';
import type { MetricDocument } from '../report/page/document';

/** A metric, as a table column. Every value is a share in [0, 1]. */
export interface Metric {
  /** Name in CSV and JSON. */
  name: string;
  /** Display name. */
  title: string;
  /** Whether low or high values are better; null if neither. */
  better: 'low' | 'high' | null;
  /** The value on a clip; null if the metric is not defined there, in which case the clip is skipped. */
  of: (scores: MaskScores) => number | null;
}

/** The columns of the paper's Tables 1 and 2. */
export const PAPER_METRICS = [
  { name: 'dc', title: 'DC', better: 'low', of: ({ dc }) => dc },
  {
    name: 'accuracy',
    title: 'Acc.',
    better: 'high',
    of: ({ correct }) => (correct === null ? null : Number(correct)),
  },
  { name: 'stc', title: 'STC', better: 'high', of: ({ stcRecall }) => stcRecall },
] as const satisfies readonly Metric[];

/** All columns. Recall grows with the area of a mask, so compare methods by STC at matched area. */
export const METRICS: readonly Metric[] = [
  ...PAPER_METRICS,
  { name: 'dcRelative', title: 'DC relative', better: 'low', of: ({ dcRelative }) => dcRelative },
  { name: 'realisedArea', title: 'Area', better: null, of: ({ realisedArea }) => realisedArea },
  {
    name: 'realisedAreaAtHalf',
    title: 'Area at ½',
    better: null,
    of: ({ realisedAreaAtHalf }) => realisedAreaAtHalf,
  },
  { name: 'stcPrecision', title: 'STC precision', better: 'high', of: ({ stcPrecision }) => stcPrecision },
  { name: 'stcIou', title: 'STC IoU', better: 'high', of: ({ stcIou }) => stcIou },
  { name: 'stcAt5', title: 'STC@5', better: 'high', of: ({ stcRecallArea5 }) => stcRecallArea5 },
  { name: 'stcAt10', title: 'STC@10', better: 'high', of: ({ stcRecallArea10 }) => stcRecallArea10 },
  { name: 'stcAt20', title: 'STC@20', better: 'high', of: ({ stcRecallArea20 }) => stcRecallArea20 },
  { name: 'pointing', title: 'Pointing', better: 'high', of: ({ pointing }) => pointing },
  { name: 'deletion', title: 'Deletion', better: 'low', of: ({ deletion }) => deletion },
  { name: 'insertion', title: 'Insertion', better: 'high', of: ({ insertion }) => insertion },
];

/** A metric's title with an arrow towards the better values. */
export function titleOf({ title, better }: Metric): string {
  return better === null ? title : `${title} ${better === 'low' ? '↓' : '↑'}`;
}

/** A metric as pages have it. */
export function describeMetric({ name, title, better }: Metric): MetricDocument {
  return { name, title, better };
}

/** The value of every metric, by the metric's name. */
export function valuesOf(scores: MaskScores): Record<string, number | null> {
  return Object.fromEntries(METRICS.map(({ name, of }) => [name, of(scores)]));
}
