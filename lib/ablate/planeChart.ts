import { rowOf } from '../bench/table/rows';
import type { DotChart } from '../plot/types';
import type { AblationData } from './ablationData';
import type { Group } from './groups';

/** The plane that one figure shows. */
export interface Plane {
  model: string;
  area: number;
  group: Group;
  metric: 'stc' | 'stcAt10';
}

/** Fig. 5: STC over r_l and r_h. 3D-EP, which keeps all frequencies, is the lower right dot. */
export function planeChart({ rows }: AblationData, { model, area, group, metric }: Plane): DotChart {
  const { where, settings } = group;
  const meanOf = (method: string) => rowOf(rows, { model, area, method }).metrics[metric]!.mean;
  const own = settings.filter(({ lowRatio }) => lowRatio < 1);
  const points = [
    ...own.map(({ label, lowRatio, highRatio }) => ({ x: lowRatio, y: highRatio, value: meanOf(label) })),
    { x: 1, y: 0, value: meanOf(settings[0]!.baselines.ep) },
  ];
  const dots = points.flatMap(({ x, y, value }) =>
    value === null ? [] : [{ x, y, value, label: (100 * value).toFixed(1) }],
  );
  const name = metric === 'stc' ? 'STC' : 'STC@10';
  return {
    title: `${name} of F-EP: ${model}, budget ${Number((100 * area).toPrecision(6))} %`,
    subtitle: `in %, gradient modulated ${where}; 3D-EP is the dot at r_l = 1`,
    x: 'r_l, share of low frequencies kept',
    y: 'r_h, share of high frequencies kept',
    dots,
  };
}
