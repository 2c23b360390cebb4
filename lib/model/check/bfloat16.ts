import { runJob } from '../../binding/runJob';
import { emulatesBfloat16 } from '../../system/emulatesBfloat16';
import type { VideoModel } from '../videoModel';
import { type CachedCheck, checkCacheFile, readCachedCheck, writeCachedCheck } from './cache';

/** Said of every model where a pass may take minutes. */
const EMULATED = 'not tried: this processor emulates it, many times slower than float32';

/** The same where nothing has to be tried; else undefined. */
export function knownBfloat16Problem(
  cached: CachedCheck | undefined,
  device: string,
): CachedCheck['bfloat16'] {
  if (cached?.bfloat16 !== undefined) return cached.bfloat16;
  return device === 'cpu' && emulatesBfloat16() ? EMULATED : undefined;
}

/**
 * Why a model does not run in bfloat16 or was not tried, or null if it runs. Tried once, then cached.
 *
 * @throws FepError `FEP_DISPOSED`, `FEP_ABORTED`, or out of memory
 */
export async function bfloat16Problem(model: VideoModel, signal?: AbortSignal): Promise<string | null> {
  const cacheFile = await checkCacheFile(model.path, model.manifest, model.device);
  const known = knownBfloat16Problem(await readCachedCheck(cacheFile), model.device);
  if (known !== undefined) return known;
  const reason = await runJob(() => model.native.refusesBfloat16(), signal);
  await writeCachedCheck(cacheFile, model.check, reason);
  return reason;
}
