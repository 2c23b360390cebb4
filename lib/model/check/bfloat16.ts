import { runJob } from '../../binding/runJob';
import type { VideoModel } from '../videoModel';
import { checkCacheFile, readCachedCheck, writeCachedCheck } from './cache';

/**
 * Why a model does not run in bfloat16, or null if it does. Tried once, then cached.
 *
 * @throws FepError `FEP_DISPOSED`, `FEP_ABORTED`, or out of memory
 */
export async function bfloat16Problem(model: VideoModel, signal?: AbortSignal): Promise<string | null> {
  const cacheFile = await checkCacheFile(model.path, model.manifest, model.device);
  const cached = (await readCachedCheck(cacheFile))?.bfloat16;
  if (cached !== undefined) return cached;
  const reason = await runJob(() => model.native.refusesBfloat16(), signal);
  await writeCachedCheck(cacheFile, model.check, reason);
  return reason;
}
