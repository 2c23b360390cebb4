import type { Clip } from '../clip/types';
import { type ExplainConfig, isMaskConfig } from '../methods/config';
import { resolveConfig } from '../methods/resolve';
import type { VideoModel } from '../model/videoModel';
import { checkCall } from './checkCall';
import { checkClip } from './checkClip';
import { findMasks } from './findMasks';
import { mapSaliency } from './mapSaliency';
import type { ExplainCallOptions, Explanation, Watch } from './types';

export type { ExplainCallOptions, ExplainProgress, Explanation, MaskExplanation } from './types';

/**
 * Explains a model's decision on a clip: says, voxel by voxel over space and time, what the decision rests on.
 *
 * @param clip as `readClip` returns it for this model
 * @throws FepError `FEP_USAGE`, `FEP_SHAPE`, `FEP_NUMERIC`, `FEP_ABORTED`, `FEP_DISPOSED`, or out of memory
 */
export async function explain(
  model: VideoModel,
  clip: Clip,
  options: ExplainCallOptions = {},
): Promise<Explanation> {
  checkCall(model, options);
  const { onProgress, signal, ...given } = options;
  return explainResolved(model, clip, resolveConfig(given, model.manifest), { onProgress, signal });
}

/** The same with a configuration that is settled, as `result.json` records it. */
export async function explainResolved(
  model: VideoModel,
  clip: Clip,
  config: ExplainConfig,
  { onProgress, signal }: Watch,
): Promise<Explanation> {
  checkClip(clip, model.manifest);
  const target = config.target === null ? -1 : model.classIndex(config.target);
  return isMaskConfig(config)
    ? findMasks(model, clip, target, config, { onProgress, signal })
    : mapSaliency(model, clip, target, config, { onProgress, signal });
}
