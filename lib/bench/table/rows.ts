import { METRICS } from '../../evaluate/metrics';
import { bootstrapInterval, type Interval } from '../../metrics/bootstrapInterval';
import type { BenchRecord, MaskRecord } from '../run/record';
import type { BenchConfig, BenchMethodConfig } from '../settings/config';

/** A method on a model at one budget. */
export interface Row {
  model: string;
  area: number;
  method: string;
  /** Whether the method is a control: a baseline that does not compete. */
  control: boolean;
  /** Number of clips with a mask. A metric's own n can be smaller, e.g. when clips have no boxes. */
  clips: number;
  /** By metric name: mean over the clips, 95 % bootstrap interval and n. */
  metrics: Record<string, Interval>;
}

/**
 * The masks of a method on a model at one budget, one per clip; the mask of a method without budgets counts for all.
 */
export function masksOf(
  records: readonly BenchRecord[],
  { model, method, area }: Pick<Row, 'model' | 'method' | 'area'>,
): MaskRecord[] {
  return records
    .filter((record) => record.model === model && record.method === method)
    .flatMap(({ masks }) => masks.filter((mask) => mask.area === area || mask.area === null));
}

/** The row of a method on a model at one budget. */
export function rowOf(
  rows: readonly Row[],
  { model, area, method }: Pick<Row, 'model' | 'area' | 'method'>,
): Row {
  return rows.find((row) => row.model === model && row.area === area && row.method === method)!;
}

/** All rows, ordered by budget, model and method as in the configuration. */
export function tableRows(records: readonly BenchRecord[], config: BenchConfig): Row[] {
  return config.options.area.flatMap((area) =>
    config.models.flatMap(({ name }) =>
      config.methods.map((method) => tableRow(records, name, method, area, config.options.seed)),
    ),
  );
}

function tableRow(
  records: readonly BenchRecord[],
  model: string,
  { label, control }: BenchMethodConfig,
  area: number,
  seed: number,
): Row {
  const masks = masksOf(records, { model, method: label, area });
  const metrics = METRICS.map(({ name, of }): [string, Interval] => {
    const values = masks.map(({ scores }) => of(scores)).filter((value) => value !== null);
    return [name, bootstrapInterval(values, { seed })];
  });
  return { model, area, method: label, control, clips: masks.length, metrics: Object.fromEntries(metrics) };
}
