// Saves a generated page of docs/.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from '../../scripts/run.mjs';

/** Writes the parts of a page, separated by blank lines, and formats it with Biome like every page here. */
export async function savePage(path, parts) {
  writeFileSync(path, `${parts.join('\n\n')}\n`);
  await run(join(root, 'node_modules', '.bin', 'biome'), ['format', '--write', path]);
}
