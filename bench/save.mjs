// Where measurements are kept: bench/results, by kind, day and machine.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../scripts/run.mjs';
import { machineName } from './machine.mjs';

/**
 * Saves what was measured, with the day.
 *
 * @param kind how the file's name begins, such as `speed-cpu`
 * @param found has the `machine` that it was measured on
 * @param out another file
 * @returns the file
 */
export function saveResults(kind, found, out) {
  const date = new Date().toISOString().slice(0, 10);
  const machine = machineName(found.machine)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  const folder = join(root, 'bench', 'results');
  const file = out ?? join(folder, `${kind}-${date}-${machine}.json`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${JSON.stringify({ date, ...found }, null, 1)}\n`);
  return file;
}
