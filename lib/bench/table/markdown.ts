import { METRICS, type Metric, PAPER_METRICS, titleOf } from '../../evaluate/metrics';
import type { Interval } from '../../metrics/bootstrapInterval';
import type { BenchResults } from '../run/results';
import type { BenchConfig } from '../settings/config';
import type { Row } from './rows';

/** The results as Markdown: for each budget a table in the paper's layout, then all metrics with intervals. */
export function markdownTables(rows: readonly Row[], results: BenchResults, config: BenchConfig): string {
  const sections = config.options.area.map((area) => {
    const here = rows.filter((row) => row.area === area);
    const details = config.models.map(({ name }) => detailTable(name, here, config));
    return [`## Area budget ${percent(area)} %`, paperTable(here, config), LEGEND, ...details].join('\n\n');
  });
  return `${['# Comparison of explanation methods', introduction(results, config), ...sections].join('\n\n')}\n`;
}

const LEGEND =
  'All numbers in %. Best in bold, second best in italics, controls (Random, Center, Oracle) apart. STC is the recall ' +
  'of the boxes at τ = 0.5, which grows with the area that a mask opens: compare methods by STC@5, @10 and @20, where ' +
  'each keeps exactly that share of the voxels.';

/** The data, the models' accuracy on it, and the number of failed items. */
export function introduction(
  { records, failures }: BenchResults,
  { options, samples, models }: BenchConfig,
): string {
  const lines = models.map(({ name }) => {
    const clips = new Map(
      records.filter(({ model }) => model === name).map((record) => [record.place, record] as const),
    );
    const right = [...clips.values()].filter(({ label, target }) => label === target.name).length;
    const rate = clips.size > 0 ? percent(right / clips.size) : '–';
    return `- ${name} is right on ${rate} % of the ${clips.size} clips as they are.`;
  });
  const split = options.split === undefined ? '' : `, ${options.split}`;
  const failed = failures.length > 0 ? [`- ${failures.length} items failed; see errors.jsonl.`] : [];
  return [`Data: ${options.data}${split}, ${samples.count} clips.`, '', ...lines, ...failed].join('\n');
}

function paperTable(rows: readonly Row[], { models, methods }: BenchConfig): string {
  const columns = models.flatMap(({ name }) => PAPER_METRICS.map((metric) => ({ model: name, metric })));
  const head = ['Method', ...columns.map(({ model, metric }) => `${model} ${titleOf(metric)}`)];
  const body = methods.map(({ label }) => [
    label,
    ...columns.map(({ model, metric }) => {
      const rivals = rows.filter((row) => row.model === model);
      const row = rivals.find(({ method }) => method === label)!;
      return ranked(mean(row.metrics[metric.name]!), row, metric, rivals);
    }),
  ]);
  return markdownTable(head, body);
}

function detailTable(model: string, rows: readonly Row[], { methods }: BenchConfig): string {
  const rivals = rows.filter((row) => row.model === model);
  const head = ['Method', 'n', ...METRICS.map(titleOf)];
  const body = methods.map(({ label }) => {
    const row = rivals.find(({ method }) => method === label)!;
    const cells = METRICS.map((metric) =>
      ranked(withInterval(row.metrics[metric.name]!), row, metric, rivals),
    );
    return [label, String(row.clips), ...cells];
  });
  return `### ${model}, with 95 % intervals\n\n${markdownTable(head, body)}`;
}

/** Marks a cell that is the best or second best of its column, judged by the printed digits. */
function ranked(cell: string, row: Row, { name, better }: Metric, rivals: readonly Row[]): string {
  const printed = ({ metrics }: Row) => Number(mean(metrics[name]!));
  if (row.control || row.metrics[name]!.mean === null || better === null) return cell;
  const means = rivals
    .filter(({ control, metrics }) => !control && metrics[name]!.mean !== null)
    .map(printed);
  const places = [...new Set(means)].sort((a, b) => (better === 'low' ? a - b : b - a));
  if (printed(row) === places[0]) return `**${cell}**`;
  return printed(row) === places[1] ? `_${cell}_` : cell;
}

/** A mean in %. */
export function mean({ mean: value }: Interval): string {
  return value === null ? '–' : percent(value);
}

/** A mean in % with its interval. */
export function withInterval(interval: Interval): string {
  const { low, high } = interval;
  return low === null || high === null
    ? mean(interval)
    : `${mean(interval)} [${percent(low)}, ${percent(high)}]`;
}

/** A share in %, to one decimal. */
function percent(share: number): string {
  return (100 * share).toFixed(1);
}

/** A Markdown table whose first column is text and whose others are numbers. */
export function markdownTable(head: readonly string[], body: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...body.map(line)].join('\n');
}
