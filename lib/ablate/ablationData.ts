import type { BenchRecord } from '../bench/run/record';
import type { BenchConfig } from '../bench/settings/config';
import { type Row, tableRows } from '../bench/table/rows';
import type { MaskScores } from '../metrics/score';
import type { Setting } from './settings';

/** A method on a model at one budget. */
export type RowName = Pick<Row, 'model' | 'area' | 'method'>;

/** The results of an ablation, with look-ups by row. */
export interface AblationData {
  settings: readonly Setting[];
  /** The records of the underlying bench. */
  records: readonly BenchRecord[];
  config: BenchConfig;
  rows: readonly Row[];
  models: readonly string[];
  areas: readonly number[];
  seed: number;
  /** A score of each clip of a row, by the clip's place; clips without this score are omitted. */
  valuesOf(row: RowName, of: (scores: MaskScores) => number | null): Map<number, number>;
  /** Mean time of an explanation of a row, in seconds. */
  secondsOf(row: Pick<RowName, 'model' | 'method'>): number;
}

export function ablationData(
  records: readonly BenchRecord[],
  settings: readonly Setting[],
  config: BenchConfig,
): AblationData {
  const ofRow = ({ model, method }: Pick<RowName, 'model' | 'method'>) =>
    records.filter((record) => record.model === model && record.method === method);
  return {
    settings,
    records,
    config,
    rows: tableRows(records, config),
    areas: config.options.area,
    seed: config.options.seed,
    models: config.models.map(({ name }) => name),
    valuesOf(row, of) {
      const values = ofRow(row).flatMap(({ place, masks }): [number, number][] => {
        const mask = masks.find(({ area }) => area === row.area);
        const value = mask ? of(mask.scores) : null;
        return value === null ? [] : [[place, value]];
      });
      return new Map(values);
    },
    secondsOf(row) {
      const times = ofRow(row).map(({ timing }) => timing.seconds);
      return times.reduce((sum, seconds) => sum + seconds, 0) / Math.max(1, times.length);
    },
  };
}
