import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { FepError, messageOf } from '../errors/fepError';
import { readArchiveEntry } from './archiveEntry';
import { type Manifest, parseManifest } from './manifest';

/** Size limit of a manifest inside an archive. */
const MAX_BYTES = 1 << 20;

/**
 * The manifest of a model file: `<name>.json` beside it, otherwise `fep.json` inside the TorchScript archive.
 *
 * @returns undefined for a bare TorchScript file, which has neither
 * @throws FepError `FEP_MODEL_LOAD` when the file is not an archive or the manifest is not valid
 */
export async function readManifest(path: string): Promise<Manifest | undefined> {
  const sidecar = join(dirname(path), `${basename(path, extname(path))}.json`);
  if (existsSync(sidecar)) return parseManifest(parseJson(readFileSync(sidecar, 'utf8'), sidecar), sidecar);
  const entry = await readArchiveEntry(path, (name) => name.endsWith('/extra/fep.json'), MAX_BYTES);
  return entry === undefined ? undefined : parseManifest(parseJson(entry.toString('utf8'), path), path);
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FepError('FEP_MODEL_LOAD', `The manifest in ${source} is not JSON: ${messageOf(error)}`, {
      cause: error,
      hint: 'Correct the file; the README lists what a manifest holds.',
    });
  }
}
