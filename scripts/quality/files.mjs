// Where the comparison's results lie.
import { join } from 'node:path';
import { describeMachine } from '../../bench/machine.mjs';
import { saveResults } from '../../bench/save.mjs';
import { versions } from '../../dist/binding/versions.js';
import { packRecords } from '../records-archive.mjs';
import { root, say } from '../run.mjs';
import { FOLDER } from './settings.mjs';

/** Writes what was found, and packs the records that it rests on. */
export function saveQuality(found) {
  const measured = { machine: describeMachine(), versions: versions(), ...found };
  const file = saveResults('quality', measured, join(root, 'bench', 'results', 'quality.json'));
  packRecords('quality', FOLDER);
  say(file);
}
