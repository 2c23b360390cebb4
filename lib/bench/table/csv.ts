import { METRICS } from '../../evaluate/metrics';
import type { Row } from './rows';

/** The tables for programs: a line for each model, budget and method; empty cells where nothing is known. */
export function csvTable(rows: readonly Row[]): string {
  const head = METRICS.flatMap(({ name }) => [name, `${name}Low`, `${name}High`, `${name}N`]);
  const body = rows.map(({ model, area, method, control, clips, metrics }) => [
    model,
    area,
    method,
    control,
    clips,
    ...METRICS.flatMap(({ name }) => {
      const { mean, low, high, n } = metrics[name]!;
      return [mean, low, high, n];
    }),
  ]);
  return csv([['model', 'area', 'method', 'control', 'clips', ...head], ...body]);
}

/** Lines of comma-separated values; RFC 4180. */
export function csv(lines: readonly (readonly (string | number | boolean | null)[])[]): string {
  return lines.map((cells) => `${cells.map(csvCell).join(',')}\n`).join('');
}

function csvCell(value: string | number | boolean | null): string {
  const text = value === null ? '' : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
