import type { Clip } from '../clip/types';
import { type ExplainConfig, isMaskConfig } from '../methods/config';
import type { Method } from '../methods/methods';
import { resolveConfig } from '../methods/resolve';
import type { VideoModel } from '../model/videoModel';
import { checkCall } from './checkCall';
import { checkClip } from './checkClip';
import { findMasks } from './findMasks';
import { findSmallestMask } from './findSmallestMask';
import { mapSaliency } from './mapSaliency';
import type { ExplainCallOptions, Explanation, Watch } from './types';

export type { ExplainCallOptions, ExplainProgress, Explanation, MaskExplanation } from './types';

/**
 * Explains a model's decision on a clip: says, voxel by voxel over space and time, what the decision rests on.
 *
 * @param clip as `readClip` returns it for this model
 * @throws FepError `FEP_USAGE`, `FEP_SHAPE`, `FEP_NUMERIC`, `FEP_ABORTED`, `FEP_DISPOSED`, or out of memory
 */
export async function explain<Explainer extends Method = Method>(
  model: VideoModel,
  clip: Clip,
  options: ExplainCallOptions & { method?: Explainer | undefined } = {},
): Promise<Explanation<Explainer>> {
  checkCall(model, options);
  const { onProgress, progressMasks, signal, ...given } = options;
  const config = resolveConfig(given, model.manifest);
  // The configuration is of the method that the options name.
  return (await explainResolved(model, clip, config, {
    onProgress,
    progressMasks,
    signal,
  })) as Explanation<Explainer>;
}

/** The same with a configuration that is settled, as `result.json` records it. */
export async function explainResolved(
  model: VideoModel,
  clip: Clip,
  config: ExplainConfig,
  watch: Watch,
): Promise<Explanation> {
  checkClip(clip, model);
  const target = config.target === null ? -1 : model.classIndex(config.target);
  if (!isMaskConfig(config)) return mapSaliency(model, clip, target, config, watch);
  return config.search
    ? findSmallestMask(model, clip, target, { ...config, search: config.search }, watch)
    : findMasks(model, clip, target, config, watch);
}
