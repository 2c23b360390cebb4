import type { Clip } from '../clip/types';
import { isMaskConfig } from '../methods/config';
import { resolveConfig } from '../methods/resolve';
import type { VideoModel } from '../model/videoModel';
import { requireArray } from '../options/requireArguments';
import { checkCall } from './checkCall';
import { checkClip } from './checkClip';
import { explainResolved } from './explain';
import { findMasksSideBySide } from './findMasks';
import type { ExplainCallOptions, Explanation } from './types';

/**
 * Explains clips by one method. A method that optimises masks takes all of them at once, as many through the model as
 * memory holds, which keeps a GPU busy; a processor gains little. The other methods take them one by one, and so does the
 * search for the smallest area. With `until: 'converged'` each clip ends when its own masks have settled, and the run with the last of them.
 *
 * With several clips in one run the model may round otherwise than with one, which the loop amplifies.
 *
 * @param clips as `readClip` returns them for this model
 * @param options as `explain`'s, the same for all; `target` too. Progress tells energies of the first clip where all run at once
 * @returns an explanation for each clip, in their order; the run's time is shared equally among them
 * @throws FepError as `explain`; one clip's error is all of them's
 */
export async function explainAll(
  model: VideoModel,
  clips: readonly Clip[],
  options: ExplainCallOptions = {},
): Promise<Explanation[]> {
  checkCall(model, options);
  requireArray(clips, 'clips');
  const { onProgress, progressMasks, signal, ...given } = options;
  const config = resolveConfig(given, model.manifest);
  for (const clip of clips) checkClip(clip, model);
  const watch = { onProgress, progressMasks, signal };
  if (!isMaskConfig(config) || config.search) {
    const explanations: Explanation[] = [];
    for (const clip of clips) explanations.push(await explainResolved(model, clip, config, watch));
    return explanations;
  }
  if (clips.length === 0) return [];
  const target = config.target === null ? -1 : model.classIndex(config.target);
  const clipsAndTargets = clips.map((clip) => ({ clip, target }));
  const found = await findMasksSideBySide(model, clipsAndTargets, [config], watch);
  return found.map(([explanation]) => explanation!);
}
