import { type Row, rowOf } from '../bench/table/rows';
import { bootstrapInterval, type Interval } from '../metrics/bootstrapInterval';
import { type Cell, EP_LABEL } from './cells';
import type { Findings } from './findings';

/** The setting of F-EP that a data set speaks for. */
export interface Selection {
  model: string;
  area: number;
  cell: Cell;
  /** STC@10 % of the setting and of 3D-EP, and of their differences clip by clip. */
  stcAt10: Interval;
  ep: Interval;
  gain: Interval;
}

/**
 * Selects r_l, r_h and the domain by the mean STC@10 %: at matched area, for plain STC would select the setting whose
 * masks are largest. Of equal settings the first wins.
 *
 * Do it on a part of the data that the final comparison does not use.
 *
 * @returns undefined when no clip has boxes
 */
export function select(findings: Findings, model: string, area: number): Selection | undefined {
  const { cells, rows, valuesOf, seed } = findings;
  const scored = cells.flatMap((cell) => {
    const { stcAt10 } = rowOf(rows, { model, area, method: cell.label }).metrics;
    return stcAt10!.mean === null ? [] : [{ cell, stcAt10: stcAt10!, mean: stcAt10!.mean }];
  });
  const best = scored.reduce<(typeof scored)[number] | undefined>(
    (sofar, one) => (sofar === undefined || one.mean > sofar.mean ? one : sofar),
    undefined,
  );
  if (best === undefined) return undefined;
  const of = (method: string) => valuesOf({ model, area, method }, ({ stcRecallArea10 }) => stcRecallArea10);
  const [own, others] = [of(best.cell.label), of(EP_LABEL)];
  const differences = [...own].flatMap(([place, value]) => {
    const other = others.get(place);
    return other === undefined ? [] : [value - other];
  });
  const ep: Row = rowOf(rows, { model, area, method: EP_LABEL });
  return {
    ...{ model, area, cell: best.cell, stcAt10: best.stcAt10, ep: ep.metrics.stcAt10! },
    gain: bootstrapInterval(differences, { seed }),
  };
}
