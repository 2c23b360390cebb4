import { markdownTable, mean, withInterval } from '../bench/table/markdown';
import { type Row, rowOf } from '../bench/table/rows';
import { type Metric, PAPER_METRICS } from '../evaluate/metrics';
import type { AblationData } from './ablationData';
import { type Group, groupsOf } from './groups';
import type { PerSample } from './perSample';
import type { Selection } from './select';
import { describeCourse, describeGrid, type Setting } from './settings';

/** The metric lines of a table, below its ratios. */
const LINES: readonly Pick<Metric, 'name' | 'title'>[] = [
  { name: 'stc', title: 'STC' },
  { name: 'stcAt10', title: 'STC@10' },
  ...PAPER_METRICS.filter(({ name }) => name !== 'stc'),
  { name: 'realisedArea', title: 'Area' },
];

/** The optional results in addition to the tables. */
export interface Extras {
  selections: readonly Selection[];
  perSample: readonly PerSample[];
}

/** The supplement's tables for each model, budget and group of settings, followed by the selections. */
export function markdownAblation(data: AblationData, { selections, perSample }: Extras): string {
  const { models, areas, settings } = data;
  const groups = groupsOf(settings);
  const sections = models.flatMap((model) =>
    areas.flatMap((area) => [
      `## ${model}, budget ${percent(area)} %`,
      baselines(data, model, area),
      ...groups.flatMap((group) => tablesOf(data, model, area, group)),
    ]),
  );
  const more = [...selections.map(describeSelection), ...perSample.map(describePerSample)];
  return `${['# Ablation of F-EP: bands and grid', NOTE, ...sections, ...more].join('\n\n')}\n`;
}

export const NOTE =
  'All numbers in %, means over the clips; the best STC and STC@10 of a table in bold. STC@10 compares masks that ' +
  'keep exactly 10 % of the voxels. 3D-EP and STEP run at F-EP’s step and σ. r_l + r_h = 1 keeps every frequency, ' +
  'which is 3D-EP.';

function baselines({ rows, settings }: AblationData, model: string, area: number): string {
  const labels = new Set(settings.flatMap(({ baselines: { ep, step } }) => [ep, step]));
  const body = [...labels].map((method) => {
    const { metrics } = rowOf(rows, { model, area, method });
    return [method, ...LINES.map(({ name }) => withInterval(metrics[name]!))];
  });
  return markdownTable(['Baseline', ...LINES.map(({ title }) => title)], body);
}

/** A group's tables. */
function tablesOf(data: AblationData, model: string, area: number, { where, settings }: Group): string[] {
  return asInSupplement(settings).map(({ title, settings: columns }) => {
    const table = settingTable(
      columns.map((setting) => ({ setting, row: rowFor(data, model, area, setting) })),
    );
    return `### F-EP ${where}, ${title}\n\n${table}`;
  });
}

/** Divides a group into tables as the supplement does: first without high frequencies, then two r_l per table. */
function asInSupplement(own: readonly Setting[]): { title: string; settings: Setting[] }[] {
  const low = own.filter(({ highRatio }) => highRatio === 0);
  const rest = own.filter(({ highRatio }) => highRatio > 0);
  const ratios = [...new Set(rest.map(({ lowRatio }) => lowRatio))];
  const pairs = ratios.flatMap((ratio, i) => (i % 2 === 0 ? [[ratio, ratios[i + 1]]] : []));
  return [
    { title: 'without high frequencies', settings: low },
    ...pairs.map((pair) => ({
      title: `low and high frequencies, r_l = ${pair.filter((ratio) => ratio !== undefined).join(', ')}`,
      settings: rest.filter(({ lowRatio }) => pair.includes(lowRatio)),
    })),
  ].filter(({ settings }) => settings.length > 0);
}

function rowFor({ rows }: AblationData, model: string, area: number, { label }: Setting): Row {
  return rowOf(rows, { model, area, method: label });
}

function settingTable(columns: readonly { setting: Setting; row: Row }[]): string {
  const head = ['r_l', ...columns.map(({ setting }) => String(setting.lowRatio))];
  const highs = ['r_h', ...columns.map(({ setting }) => String(setting.highRatio))];
  const body = LINES.map(({ name, title }) => {
    const values = columns.map(({ row }) => mean(row.metrics[name]!));
    const best = Math.max(...values.map(Number).filter(Number.isFinite));
    const ranked = name.startsWith('stc');
    return [title, ...values.map((value) => (ranked && Number(value) === best ? `**${value}**` : value))];
  });
  return markdownTable(head, [highs, ...body]);
}

export function describeSelection({ model, area, cell, stcAt10, ep, gain }: Selection): string {
  const { lowRatio, highRatio, domain, temporal, course, grid } = cell;
  const inTime = temporal ? `, along time ${temporal.join(' and ')}` : '';
  const during = course ? `, ${describeCourse(course)}` : '';
  const setting = `r_l = ${lowRatio}, r_h = ${highRatio}${inTime}, domain ${domain}${during}, ${describeGrid(grid)}`;
  return [
    `## Selected for ${model} at ${percent(area)} %: ${setting}`,
    `By STC@10 on these ${stcAt10.n} clips: ${withInterval(stcAt10)}, against ${withInterval(ep)} of 3D-EP; ` +
      `the difference, clip by clip, is ${withInterval(gain)}. Compare on other clips before you claim it.`,
  ].join('\n\n');
}

export function describePerSample({ model, area, fixed, byModel, byBoxes, seconds }: PerSample): string {
  return [
    `## A setting for each clip: ${model} at ${percent(area)} %`,
    markdownTable(
      ['Setting chosen', 'STC@10', 'Seconds per clip'],
      [
        ['once for all clips', withInterval(fixed), seconds.fixed.toFixed(2)],
        ['for each clip by insertion − deletion', withInterval(byModel), seconds.all.toFixed(2)],
        ['for each clip by its boxes (a bound)', withInterval(byBoxes), seconds.all.toFixed(2)],
      ],
    ),
    'The bound looks at the answer: the best of many noisy values is above each of them even where none is better.',
  ].join('\n\n');
}

function percent(share: number): string {
  return String(Number((100 * share).toPrecision(6)));
}
