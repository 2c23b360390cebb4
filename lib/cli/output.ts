import { FepError, messageOf } from '../errors/fepError';

/** Output options of a command. Results go to stdout, everything else to stderr. */
export interface OutputOptions {
  json?: boolean;
  quiet?: boolean;
}

/** Prints a command's result: one JSON object with `--json`, otherwise the text from `text`. */
export function printResult<Result>(
  result: Result,
  text: (result: Result) => string,
  { json }: OutputOptions,
): void {
  process.stdout.write(`${json ? JSON.stringify(result) : text(result)}\n`);
}

/** Prints a remark to stderr, unless `--quiet` is given. */
export function say(line: string, { quiet }: OutputOptions): void {
  if (!quiet) process.stderr.write(`${line}\n`);
}

/** Prints an error and its hint to stderr; with `--json` also as one JSON object to stdout. */
export function printError(error: unknown, { json }: OutputOptions): void {
  const fep = error instanceof FepError ? error : undefined;
  process.stderr.write(`error: ${messageOf(error)}\n`);
  if (fep?.hint) process.stderr.write(`  → ${fep.hint}\n`);
  if (!fep && error instanceof Error && process.env.FEP_DEBUG) process.stderr.write(`${error.stack}\n`);
  if (json) printErrorObject(error);
}

/** Prints an error as one JSON object to stdout. */
export function printErrorObject(error: unknown): void {
  const fep = error instanceof FepError ? error : undefined;
  const details = { code: fep?.code ?? 'FEP_INTERNAL', message: messageOf(error), hint: fep?.hint };
  process.stdout.write(`${JSON.stringify({ error: details })}\n`);
}

/** Whether stderr is a terminal that supports animation. */
export function isAnimated(): boolean {
  return Boolean(process.stderr.isTTY) && process.env.NO_COLOR === undefined && process.env.TERM !== 'dumb';
}

/** Formats a table with padded columns; with `numbers`, all columns but the first are right-aligned. */
export function table(rows: readonly (readonly string[])[], { numbers = false } = {}): string {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, i) => Math.max(widest[i] ?? 0, cell.length)),
    [],
  );
  const pad = (cell: string, i: number) =>
    numbers && i > 0 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!);
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
