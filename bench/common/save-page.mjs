// Saves a page of docs/ that a script has made.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from '../../scripts/run.mjs';

/** Writes the parts of a page, a blank line between them, formatted as all pages here are. */
export async function savePage(path, parts) {
  writeFileSync(path, `${parts.join('\n\n')}\n`);
  await run(join(root, 'node_modules', '.bin', 'biome'), ['format', '--write', path]);
}
