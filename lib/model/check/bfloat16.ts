import { runJob } from '../../binding/runJob';
import { emulatesBfloat16 } from '../../system/emulatesBfloat16';
import type { VideoModel } from '../videoModel';
import { checkCacheFile, readCachedCheck, writeCachedCheck } from './cache';

/** Said of every model where a pass may take minutes. */
const EMULATED = 'not tried: this processor emulates it, many times slower than float32';

/**
 * Why a model does not run in bfloat16 or was not tried, or null if it runs. Tried once, then cached.
 *
 * @throws FepError `FEP_DISPOSED`, `FEP_ABORTED`, or out of memory
 */
export async function bfloat16Problem(model: VideoModel, signal?: AbortSignal): Promise<string | null> {
  const cacheFile = await checkCacheFile(model.path, model.manifest, model.device);
  const cached = (await readCachedCheck(cacheFile))?.bfloat16;
  if (cached !== undefined) return cached;
  if (model.device === 'cpu' && emulatesBfloat16()) return EMULATED;
  const reason = await runJob(() => model.native.refusesBfloat16(), signal);
  await writeCachedCheck(cacheFile, model.check, reason);
  return reason;
}
