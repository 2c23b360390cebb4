// Where measurements are kept: bench/results, by kind, day and machine.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../../scripts/run.mjs';
import { machineName } from './machine.mjs';

/**
 * Saves what was measured, with the day.
 *
 * @param kind how the file's name begins, such as `speed-cpu`
 * @param found has the `machine` that it was measured on
 * @param out another file than that of the kind, day and machine
 * @returns the file
 */
export function saveResults(kind, found, out = fileOf(kind, found.machine)) {
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, `${JSON.stringify({ date: today(), ...found }, null, 1)}\n`);
  return out;
}

function fileOf(kind, machine) {
  const name = machineName(machine)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  return join(root, 'bench', 'results', `${kind}-${today()}-${name}.json`);
}

const today = () => new Date().toISOString().slice(0, 10);
