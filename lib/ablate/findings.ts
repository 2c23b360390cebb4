import type { BenchRecord } from '../bench/run/record';
import type { BenchConfig } from '../bench/settings/config';
import { type Row, tableRows } from '../bench/table/rows';
import type { MaskScores } from '../metrics/score';
import type { Cell } from './cells';

/** A method on a model at one budget. */
export type RowName = Pick<Row, 'model' | 'area' | 'method'>;

/** What an ablation's bench came to. */
export interface Findings {
  cells: readonly Cell[];
  /** The bench itself. */
  records: readonly BenchRecord[];
  config: BenchConfig;
  rows: readonly Row[];
  models: readonly string[];
  areas: readonly number[];
  seed: number;
  /** A score of a row's clips, by the clip's place; clips for which it is not defined are left out. */
  valuesOf(row: RowName, of: (scores: MaskScores) => number | null): Map<number, number>;
  /** Mean seconds of a row's explanation of a clip. */
  secondsOf(row: Pick<RowName, 'model' | 'method'>): number;
}

export function findingsOf(
  records: readonly BenchRecord[],
  cells: readonly Cell[],
  config: BenchConfig,
): Findings {
  const ofRow = ({ model, method }: Pick<RowName, 'model' | 'method'>) =>
    records.filter((record) => record.model === model && record.method === method);
  return {
    ...{
      cells,
      records,
      config,
      rows: tableRows(records, config),
      areas: config.options.area,
      seed: config.options.seed,
    },
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
