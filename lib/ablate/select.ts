import { type Row, rowOf } from '../bench/table/rows';
import { bootstrapInterval, type Interval } from '../metrics/bootstrapInterval';
import { defined } from '../options/defined';
import type { AblationData } from './ablationData';
import type { Setting } from './settings';

/** The best setting of F-EP on a data set. */
export interface Selection {
  model: string;
  area: number;
  cell: Setting;
  /** Whose settings what the cell leaves out comes from, where that was asked for. */
  preset?: 'paper' | 'quick';
  /** STC@10 % of the setting, of 3D-EP on the same grid, and of their per-clip differences. */
  stcAt10: Interval;
  ep: Interval;
  gain: Interval;
}

/**
 * Selects the setting with the highest mean STC@10 %, i.e. at matched area, because plain STC would favour the
 * setting with the largest masks. The first of equal settings wins.
 *
 * Select on data that the final comparison does not use.
 *
 * @returns undefined when no clip has boxes
 */
export function select(data: AblationData, model: string, area: number): Selection | undefined {
  const { settings, rows, valuesOf, seed, config } = data;
  const scored = settings.flatMap((setting) => {
    const { stcAt10 } = rowOf(rows, { model, area, method: setting.label }).metrics;
    return stcAt10!.mean === null ? [] : [{ setting, stcAt10: stcAt10!, mean: stcAt10!.mean }];
  });
  const best = scored.reduce<(typeof scored)[number] | undefined>(
    (best, one) => (best === undefined || one.mean > best.mean ? one : best),
    undefined,
  );
  if (best === undefined) return undefined;
  const of = (method: string) => valuesOf({ model, area, method }, ({ stcRecallArea10 }) => stcRecallArea10);
  const { label, baselines } = best.setting;
  const [own, others] = [of(label), of(baselines.ep)];
  const differences = [...own].flatMap(([place, value]) => {
    const other = others.get(place);
    return other === undefined ? [] : [value - other];
  });
  const ep: Row = rowOf(rows, { model, area, method: baselines.ep });
  return {
    model,
    area,
    cell: best.setting,
    ...defined({ preset: config.options.preset }),
    stcAt10: best.stcAt10,
    ep: ep.metrics.stcAt10!,
    gain: bootstrapInterval(differences, { seed }),
  };
}
