import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { versions } from '../../binding/versions';
import { sha256OfFile } from '../../files/sha256';
import type { Manifest } from '../../manifest/manifest';
import { keep, keptFile, readKept } from '../../package/keptJson';
import { type ModelCheck, modelCheckSchema } from './types';

/** `bfloat16`: why the model does not run in bfloat16, null if it does; absent if never tried. */
const cachedCheckSchema = z.object({ check: modelCheckSchema, bfloat16: z.string().nullable().optional() });

/** The cached check of a model. */
export type CachedCheck = z.output<typeof cachedCheckSchema>;

/** The cache file of a model's check. */
export async function checkCacheFile(path: string, manifest: Manifest, device: string): Promise<string> {
  const key = { ...(await modelKey(path, manifest, device)), facts: Object.keys(modelCheckSchema.shape) };
  return keptFile('checks', key);
}

/**
 * What facts about a model are cached by: its file's content, the manifest fields that determine its input and how its
 * output is read, the device kind, and the versions.
 */
export async function modelKey(path: string, { input, output }: Manifest, device: string) {
  const { layout, frames, height, width } = input;
  const { activation, tensor, averageOver, classes } = output;
  const { node: _, ...made } = versions();
  return {
    file: await digestOf(path),
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
  };
}

/** Reads a cached check; undefined if the model was never checked or the cache file is unreadable. */
export function readCachedCheck(cacheFile: string): Promise<CachedCheck | undefined> {
  return readKept(cacheFile, cachedCheckSchema);
}

/** Caches a check. Ignores a failed write, which only costs a new check at the next start. */
export function writeCachedCheck(
  cacheFile: string,
  check: ModelCheck,
  bfloat16?: string | null,
): Promise<void> {
  return keep(cacheFile, { check, ...(bfloat16 !== undefined && { bfloat16 }) });
}

/** Digests of the model files that this process asked for. */
const digests = new Map<string, Promise<string>>();

/** SHA-256 of a model's file, which is read once as long as it stays the same: it may have gigabytes. */
async function digestOf(path: string): Promise<string> {
  const { size, mtimeMs, ino } = await stat(path);
  const state = JSON.stringify([path, ino, size, mtimeMs]);
  const digest = digests.get(state) ?? sha256OfFile(path);
  digests.set(state, digest);
  return digest;
}
