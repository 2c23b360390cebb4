// Where the comparison's results lie.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeMachine } from '../../bench/machine.mjs';
import { versions } from '../../dist/versions.js';
import { packRecords } from '../records-archive.mjs';
import { root, say } from '../run.mjs';
import { FOLDER } from './settings.mjs';

/** Writes what was found, and packs the records that it rests on. */
export function saveQuality(found) {
  const machine = describeMachine();
  const date = new Date().toISOString().slice(0, 10);
  const file = join(root, 'bench', 'results', 'quality.json');
  writeFileSync(file, `${JSON.stringify({ date, machine, versions: versions(), ...found }, null, 1)}\n`);
  packRecords('quality', FOLDER);
  say(file);
}
