import { type Row, rowOf } from '../bench/table/rows';
import { bootstrapInterval, type Interval } from '../metrics/bootstrapInterval';
import type { AblationData } from './ablationData';
import { EP_LABEL, type Setting } from './settings';

/** The best setting of F-EP on a data set. */
export interface Selection {
  model: string;
  area: number;
  cell: Setting;
  /** STC@10 % of the setting, of 3D-EP, and of their per-clip differences. */
  stcAt10: Interval;
  ep: Interval;
  gain: Interval;
}

/**
 * Selects r_l, r_h and the domain by the mean STC@10 %, i.e. at matched area, because plain STC would favour the
 * setting with the largest masks. The first of equal settings wins.
 *
 * Select on data that the final comparison does not use.
 *
 * @returns undefined when no clip has boxes
 */
export function select(data: AblationData, model: string, area: number): Selection | undefined {
  const { settings, rows, valuesOf, seed } = data;
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
  const [own, others] = [of(best.setting.label), of(EP_LABEL)];
  const differences = [...own].flatMap(([place, value]) => {
    const other = others.get(place);
    return other === undefined ? [] : [value - other];
  });
  const ep: Row = rowOf(rows, { model, area, method: EP_LABEL });
  return {
    model,
    area,
    cell: best.setting,
    stcAt10: best.stcAt10,
    ep: ep.metrics.stcAt10!,
    gain: bootstrapInterval(differences, { seed }),
  };
}
