import { bootstrapInterval } from '../../metrics/bootstrapInterval';
import type { Curve, LineChart } from '../../plot/types';
import type { BenchRecord } from '../run/record';
import type { BenchConfig } from '../settings/config';
import { masksOf } from './rows';

/** Which deletion or insertion curves a figure shows. */
export interface CurveFigure {
  kind: 'deletion' | 'insertion';
  model: string;
  area: number;
}

const WORDS = {
  deletion: { title: 'Deletion', x: 'voxels deleted, most salient first', better: 'lower' },
  insertion: { title: 'Insertion', x: 'voxels inserted, most salient first', better: 'higher' },
} as const;

/** Fewer than for tables: enough for a drawn band, and fast over all points of all curves. */
const RESAMPLES = 500;

/** Fig. 4: the model's confidence over the share of deleted or inserted voxels, one curve per method. */
export function curveChart(
  records: readonly BenchRecord[],
  { kind, model, area }: CurveFigure,
  config: BenchConfig,
): LineChart {
  const { title, x, better } = WORDS[kind];
  const curves = config.methods.flatMap(({ label, control }): Curve[] => {
    const masks = masksOf(records, { model, area, method: label });
    const clips = masks.map(({ scores }) => scores[`${kind}Curve`]).filter((curve) => curve !== null);
    const areas = masks.map(({ scores }) => scores[kind]).filter((value) => value !== null);
    if (clips.length === 0) return [];
    const auc = areas.reduce((sum, value) => sum + value, 0) / areas.length;
    const points = clips[0]!.map((_, i) => bandAt(i, clips, config.options.seed));
    return [{ name: label, note: auc.toFixed(3), dashed: control, points }];
  });
  const n = new Set(records.filter((record) => record.model === model).map(({ place }) => place)).size;
  return {
    title: `${title}: ${model}, budget ${Number((100 * area).toPrecision(6))} %`,
    subtitle: `mean of ${n} clips with its 95 % interval; the legend has the area under each curve, ${better} is better`,
    x,
    y: 'probability of the explained class',
    curves,
  };
}

function bandAt(i: number, clips: readonly number[][], seed: number): Curve['points'][number] {
  const values = clips.map((curve) => curve[i]!);
  const { mean, low, high } = bootstrapInterval(values, { resamples: RESAMPLES, seed });
  return { x: i / (clips[0]!.length - 1), y: mean!, low: low ?? mean!, high: high ?? mean! };
}
