// Studios for tests, which go away with them.
import { join } from 'node:path';
import { createStudio } from '../../dist/studio/studio.js';
import { SMALL } from './bench.mjs';
import { endWithTests } from './children.mjs';
import { temporaryFolder } from './libtorch.mjs';
import { beginStudio as begin, client, clip, model } from './studioClient.mjs';

export { client, clip, ENDS, endBy, model } from './studioClient.mjs';

export const LONG = { clip, model, options: { method: 'ep', iterations: 900_000 } };
export const SHORT = { clip, model, options: { method: 'ep', iterations: 5, area: 0.1 } };

/** A studio in this process, and how it is asked. */
export async function setUp(t, options = {}) {
  const folder = options.folder ?? join(temporaryFolder(t), 'runs');
  const studio = await createStudio({ model: [SMALL], ...options, folder });
  t.teardown(() => studio.close());
  return { folder, studio, ...client(studio.address) };
}

/** A studio of the command line: its process, and how it is asked. */
export async function beginStudio(folder, ...more) {
  const studio = await begin(folder, ...more);
  endWithTests(studio.child);
  return studio;
}
