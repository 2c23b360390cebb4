import { METRICS } from '../../evaluate/metrics';
import type { Row } from './rows';

/** The results as CSV: one line per model, budget and method; unknown values are empty. */
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

/** Formats lines of comma-separated values as in RFC 4180, with LF line endings. */
export function csv(lines: readonly (readonly (string | number | boolean | null)[])[]): string {
  return lines.map((cells) => `${cells.map(csvCell).join(',')}\n`).join('');
}

function csvCell(value: string | number | boolean | null): string {
  const text = value === null ? '' : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
