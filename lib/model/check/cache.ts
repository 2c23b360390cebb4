import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { versions } from '../../binding/versions';
import { writeAtomically } from '../../files/atomicFile';
import { sha256OfFile, sha256OfText } from '../../files/sha256';
import type { Manifest } from '../../manifest/manifest';
import { userCacheDir } from '../../package/cache';
import { type ModelCheck, modelCheckSchema } from './types';

/** `bfloat16`: why the model does not run in bfloat16, null if it does; absent if never tried. */
const cachedCheckSchema = z.object({ check: modelCheckSchema, bfloat16: z.string().nullable().optional() });

/** The cached check of a model. */
export type CachedCheck = z.output<typeof cachedCheckSchema>;

/**
 * The cache file of a model's check, keyed by the model file's content, the manifest fields that determine the model's
 * input and how its output is read, the device kind, and the versions.
 */
export async function checkCacheFile(
  path: string,
  { input, output }: Manifest,
  device: string,
): Promise<string> {
  const { layout, frames, height, width } = input;
  const { activation, tensor, averageOver, classes } = output;
  const { node: _, ...made } = versions();
  const key = {
    file: await sha256OfFile(path),
    layout,
    frames,
    height,
    width,
    activation,
    tensor,
    averageOver,
    classes: classes.length,
    device: device.split(':')[0],
    made,
    facts: Object.keys(modelCheckSchema.shape),
  };
  return join(userCacheDir(), 'checks', `${sha256OfText(JSON.stringify(key)).slice(0, 32)}.json`);
}

/** Reads a cached check; undefined if the model was never checked or the cache file is unreadable. */
export async function readCachedCheck(cacheFile: string): Promise<CachedCheck | undefined> {
  try {
    return cachedCheckSchema.parse(JSON.parse(await readFile(cacheFile, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Caches a check. Ignores a failed write, which only costs a new check at the next start. */
export async function writeCachedCheck(
  cacheFile: string,
  check: ModelCheck,
  bfloat16?: string | null,
): Promise<void> {
  const json = JSON.stringify({ check, ...(bfloat16 !== undefined && { bfloat16 }) });
  try {
    await writeAtomically(cacheFile, (temporary) => writeFile(temporary, json));
  } catch {}
}
