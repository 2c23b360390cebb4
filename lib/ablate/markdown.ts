import { markdownTable, mean, withInterval } from '../bench/table/markdown';
import { type Row, rowOf } from '../bench/table/rows';
import { type Metric, PAPER_METRICS } from '../evaluate/metrics';
import type { AblationData } from './ablationData';
import type { PerSample } from './perSample';
import type { Selection } from './select';
import { EP_LABEL, type Setting, STEP_LABEL } from './settings';

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

/** The supplement's tables for each model, budget and domain, followed by the selections. */
export function markdownAblation(data: AblationData, { selections, perSample }: Extras): string {
  const { models, areas, settings } = data;
  const domains = [...new Set(settings.map(({ domain }) => domain))];
  const sections = models.flatMap((model) =>
    areas.flatMap((area) => [
      `## ${model}, budget ${percent(area)} %`,
      baselines(data, model, area),
      ...domains.flatMap((domain) => tablesOf(data, model, area, domain)),
    ]),
  );
  const more = [...selections.map(describeSelection), ...perSample.map(describePerSample)];
  return `${['# Ablation of F-EP: r_l and r_h', NOTE, ...sections, ...more].join('\n\n')}\n`;
}

export const NOTE =
  'All numbers in %, means over the clips; the best STC and STC@10 of a table in bold. STC@10 compares masks that ' +
  'keep exactly 10 % of the voxels. 3D-EP and STEP run at F-EP’s step and σ. r_l + r_h = 1 keeps every frequency, ' +
  'which is 3D-EP.';

function baselines({ rows }: AblationData, model: string, area: number): string {
  const body = [EP_LABEL, STEP_LABEL].map((method) => {
    const { metrics } = rowOf(rows, { model, area, method });
    return [method, ...LINES.map(({ name }) => withInterval(metrics[name]!))];
  });
  return markdownTable(['Baseline', ...LINES.map(({ title }) => title)], body);
}

/** The tables with common ratios for space and time, then those of each pair of temporal ratios. */
function tablesOf(data: AblationData, model: string, area: number, domain: Setting['domain']): string[] {
  const own = data.settings.filter((setting) => setting.domain === domain);
  const times = new Map(own.map(({ temporal }) => [temporal?.join('/'), temporal]));
  return [...times].flatMap(([name, temporal]) => {
    const settings = own.filter((setting) => setting.temporal === temporal);
    const where = name === undefined ? `F-EP on ${domain}` : `F-EP on ${domain}, r_l/r_h ${name} along time`;
    return groupsOf(settings).map(({ title, settings: columns }) => {
      const table = settingTable(
        columns.map((setting) => ({ setting, row: rowFor(data, model, area, setting) })),
      );
      return `### ${where}, ${title}\n\n${table}`;
    });
  });
}

/** Groups the settings into tables as in the supplement: first without high frequencies, then two r_l per table. */
function groupsOf(own: readonly Setting[]): { title: string; settings: Setting[] }[] {
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
  const { lowRatio, highRatio, domain, temporal } = cell;
  const inTime = temporal ? `, along time ${temporal.join(' and ')}` : '';
  const setting = `r_l = ${lowRatio}, r_h = ${highRatio}${inTime}, domain ${domain}`;
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
