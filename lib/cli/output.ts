import { FepError, messageOf } from '../errors/fepError';

/** How a command speaks: results on stdout, everything else on stderr. */
export interface OutputOptions {
  json?: boolean;
  quiet?: boolean;
}

/** Prints a command's result: one JSON object with `--json`, else what `text` makes of it. */
export function printResult<Result>(
  result: Result,
  text: (result: Result) => string,
  { json }: OutputOptions,
): void {
  process.stdout.write(`${json ? JSON.stringify(result) : text(result)}\n`);
}

/** A remark for people; none with `--quiet`. */
export function say(line: string, { quiet }: OutputOptions): void {
  if (!quiet) process.stderr.write(`${line}\n`);
}

/** What went wrong and what to do, on stderr; with `--json` also as one JSON object on stdout. */
export function printError(error: unknown, { json }: OutputOptions): void {
  const fep = error instanceof FepError ? error : undefined;
  process.stderr.write(`error: ${messageOf(error)}\n`);
  if (fep?.hint) process.stderr.write(`  → ${fep.hint}\n`);
  if (!fep && error instanceof Error && process.env.FEP_DEBUG) process.stderr.write(`${error.stack}\n`);
  if (json) printErrorObject(error);
}

/** What went wrong as one JSON object on stdout. */
export function printErrorObject(error: unknown): void {
  const fep = error instanceof FepError ? error : undefined;
  const details = { code: fep?.code ?? 'FEP_INTERNAL', message: messageOf(error), hint: fep?.hint };
  process.stdout.write(`${JSON.stringify({ error: details })}\n`);
}

/** Whether stderr is a terminal that may be animated. */
export function isAnimated(): boolean {
  return Boolean(process.stderr.isTTY) && process.env.NO_COLOR === undefined && process.env.TERM !== 'dumb';
}

/** Columns padded to their widest cell; with `numbers` all but the first end at the same place. */
export function table(rows: readonly (readonly string[])[], { numbers = false } = {}): string {
  const widths = rows.reduce<number[]>(
    (sofar, row) => row.map((cell, i) => Math.max(sofar[i] ?? 0, cell.length)),
    [],
  );
  const pad = (cell: string, i: number) =>
    numbers && i > 0 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!);
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
