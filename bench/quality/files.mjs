// Where the comparison's results lie.
import { join } from 'node:path';
import { versions } from '../../dist/versions.js';
import { root, say } from '../../scripts/run.mjs';
import { describeMachine } from '../common/machine.mjs';
import { packRecords } from '../common/records.mjs';
import { saveResults } from '../common/save-results.mjs';
import { FOLDER } from './settings.mjs';

/** Writes what was found, and packs the records that it rests on. */
export function saveQuality(found) {
  const measured = { machine: describeMachine(), versions: versions(), ...found };
  const file = saveResults('quality', measured, join(root, 'bench', 'results', 'quality.json'));
  packRecords('quality', FOLDER);
  say(file);
}
