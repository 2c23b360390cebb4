import { markdownTable, mean, withInterval } from '../bench/table/markdown';
import { type Row, rowOf } from '../bench/table/rows';
import { type Metric, PAPER_METRICS } from '../evaluate/metrics';
import { type Cell, EP_LABEL, STEP_LABEL } from './cells';
import type { Findings } from './findings';
import type { PerSample } from './perSample';
import type { Selection } from './select';

/** Lines below the ratios in a table of cells. */
const LINES: readonly Pick<Metric, 'name' | 'title'>[] = [
  { name: 'stc', title: 'STC' },
  { name: 'stcAt10', title: 'STC@10' },
  ...PAPER_METRICS.filter(({ name }) => name !== 'stc'),
  { name: 'realisedArea', title: 'Area' },
];

/** What was asked for beside the tables. */
export interface Extras {
  selections: readonly Selection[];
  perSample: readonly PerSample[];
}

/** The supplement's tables for each model, budget and domain, then what was selected. */
export function markdownAblation(findings: Findings, { selections, perSample }: Extras): string {
  const { models, areas, cells } = findings;
  const domains = [...new Set(cells.map(({ domain }) => domain))];
  const sections = models.flatMap((model) =>
    areas.flatMap((area) => [
      `## ${model}, budget ${percent(area)} %`,
      baselines(findings, model, area),
      ...domains.flatMap((domain) => tablesOf(findings, model, area, domain)),
    ]),
  );
  const more = [...selections.map(describeSelection), ...perSample.map(describePerSample)];
  return `${['# Ablation of F-EP: r_l and r_h', NOTE, ...sections, ...more].join('\n\n')}\n`;
}

export const NOTE =
  'All numbers in %, means over the clips; the best STC and STC@10 of a table in bold. STC@10 compares masks that ' +
  'keep exactly 10 % of the voxels. 3D-EP and STEP run at F-EP’s step and σ. r_l + r_h = 1 keeps every frequency, ' +
  'which is 3D-EP.';

function baselines({ rows }: Findings, model: string, area: number): string {
  const body = [EP_LABEL, STEP_LABEL].map((method) => {
    const { metrics } = rowOf(rows, { model, area, method });
    return [method, ...LINES.map(({ name }) => withInterval(metrics[name]!))];
  });
  return markdownTable(['Baseline', ...LINES.map(({ title }) => title)], body);
}

/** Tables of one cut-off for space and time, then of each that time has to itself. */
function tablesOf(findings: Findings, model: string, area: number, domain: Cell['domain']): string[] {
  const own = findings.cells.filter((cell) => cell.domain === domain);
  const times = new Map(own.map(({ temporal }) => [temporal?.join('/'), temporal]));
  return [...times].flatMap(([name, temporal]) => {
    const cells = own.filter((cell) => cell.temporal === temporal);
    const where = name === undefined ? `F-EP on ${domain}` : `F-EP on ${domain}, r_l/r_h ${name} along time`;
    return groupsOf(cells).map(({ title, cells: columns }) => {
      const table = cellTable(columns.map((cell) => ({ cell, row: rowFor(findings, model, area, cell) })));
      return `### ${where}, ${title}\n\n${table}`;
    });
  });
}

/** Without high frequencies; then two r_l to a table, as in the supplement. */
function groupsOf(own: readonly Cell[]): { title: string; cells: Cell[] }[] {
  const low = own.filter(({ highRatio }) => highRatio === 0);
  const rest = own.filter(({ highRatio }) => highRatio > 0);
  const ratios = [...new Set(rest.map(({ lowRatio }) => lowRatio))];
  const pairs = ratios.flatMap((ratio, i) => (i % 2 === 0 ? [[ratio, ratios[i + 1]]] : []));
  return [
    { title: 'without high frequencies', cells: low },
    ...pairs.map((pair) => ({
      title: `low and high frequencies, r_l = ${pair.filter((ratio) => ratio !== undefined).join(', ')}`,
      cells: rest.filter(({ lowRatio }) => pair.includes(lowRatio)),
    })),
  ].filter(({ cells }) => cells.length > 0);
}

function rowFor({ rows }: Findings, model: string, area: number, { label }: Cell): Row {
  return rowOf(rows, { model, area, method: label });
}

function cellTable(columns: readonly { cell: Cell; row: Row }[]): string {
  const head = ['r_l', ...columns.map(({ cell }) => String(cell.lowRatio))];
  const highs = ['r_h', ...columns.map(({ cell }) => String(cell.highRatio))];
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
