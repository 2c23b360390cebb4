import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../files/atomicFile';
import { METHOD_LABELS } from '../methods/methods';
import { FRAME_ORDERS } from './frameOrder';
import type { Sanity, SanityRow } from './sanity';
import { CHECKS, type CheckName, type Verdict } from './verdicts';

/** Raised when `sanity.json` changes in a way that readers have to know. */
export const SANITY_SCHEMA_VERSION = 1;

/**
 * Writes `sanity.md`, a table of verdicts and the figures behind them, and `sanity.json`.
 *
 * @returns the files
 * @throws FepError `FEP_IO`
 */
export async function writeSanity(folder: string, sanity: Sanity): Promise<string[]> {
  const files = {
    'sanity.md': sanityTables(sanity),
    'sanity.json': `${JSON.stringify({ schemaVersion: SANITY_SCHEMA_VERSION, ...sanity }, null, 2)}\n`,
  };
  const paths: string[] = [];
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    await writeAtomically(path, (temporary) => writeFile(temporary, text));
    paths.push(path);
  }
  return paths;
}

const NAMES = Object.keys(CHECKS) as CheckName[];

/** One row a method, one column a check. */
export function verdictTable({ rows }: Sanity): string[][] {
  return [
    ['method', ...NAMES],
    ...rows.map(({ method, verdicts }) => [
      METHOD_LABELS[method],
      ...NAMES.map((name) => word(verdicts[name])),
    ]),
  ];
}

function word({ passed }: Verdict): string {
  if (passed === null) return '–';
  return passed ? 'pass' : 'FAIL';
}

function sanityTables(sanity: Sanity): string {
  const { model, clips, rows, options } = sanity;
  const reasons = rows.flatMap(({ method, verdicts }) =>
    NAMES.filter((name) => verdicts[name].passed !== null || name === 'frames').map(
      (name) => `- ${METHOD_LABELS[method]}, ${name}: ${word(verdicts[name])}, ${verdicts[name].reason}`,
    ),
  );
  const parts = [
    `# Sanity checks of explanations\n\nModel ${model}, ${clips.length} clip${clips.length === 1 ? '' : 's'}, ${options.iterations} iterations a mask, seed ${options.seed}.`,
    markdown(verdictTable(sanity)),
    NAMES.map((name) => `- ${name}: ${CHECKS[name]}`).join('\n'),
    `## Figures\n\nRank correlations with the explanation itself; in brackets how far Φ of the explained class fell.`,
    markdown(figures(rows, options.shares)),
    `## Why\n\n${reasons.join('\n')}`,
  ];
  return `${parts.join('\n\n')}\n`;
}

function figures(rows: readonly SanityRow[], shares: readonly number[]): string[][] {
  const head = [
    'method',
    ...shares.map((share) => `${Math.round(100 * share)} % randomised`),
    ...FRAME_ORDERS.map((order) => `frames ${order}`),
    'another seed',
  ];
  const body = rows.map(({ method, randomised, frames, seeds }) => [
    METHOD_LABELS[method],
    ...randomised.map(({ correlation }) => correlation.toFixed(2)),
    ...FRAME_ORDERS.map(
      (order) => `${frames[order].correlation.toFixed(2)} (${frames[order].drop.toFixed(2)})`,
    ),
    seeds.correlation.toFixed(2),
  ]);
  return [head, ...body];
}

function markdown([head, ...body]: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head!), line(head!.map(() => '---')), ...body.map(line)].join('\n');
}
