import { runJob } from '../../binding/runJob';
import type { VideoModel } from '../videoModel';
import { checkNote, rememberCheck, rememberedCheck } from './remember';

/**
 * Whether a model runs in bfloat16, which is tried once and remembered: null where it does, else the reason.
 *
 * @throws FepError `FEP_DISPOSED`, `FEP_ABORTED`, or out of memory
 */
export async function whyNotBfloat16(model: VideoModel, signal?: AbortSignal): Promise<string | null> {
  const note = await checkNote(model.path, model.manifest, model.device);
  const known = (await rememberedCheck(note))?.bfloat16;
  if (known !== undefined) return known;
  const reason = await runJob(() => model.native.refusesBfloat16(), signal);
  await rememberCheck(note, model.check, reason);
  return reason;
}
