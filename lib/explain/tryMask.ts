import { runJob } from '../binding/runJob';
import { pictureOptions } from '../clip/normalize';
import type { Clip } from '../clip/types';
import type { NativePerturbation } from '../methods/perturbation';
import type { VideoModel } from '../model/videoModel';

/** What the model sees of a clip under a mask that no run has found, M ⊗ X, and Φ(M ⊗ X). */
export async function tryMask(
  model: VideoModel,
  clip: Clip,
  mask: Float32Array,
  perturbation: NativePerturbation,
  signal: AbortSignal | undefined,
): Promise<{ perturbed: Uint8Array; explained: Float32Array }> {
  const pictures = pictureOptions(model.manifest.input);
  const tried = await runJob(
    () => model.native.predictPerturbed(clip.data, mask, 1, perturbation, pictures),
    signal,
  );
  return { perturbed: tried.pictures!, explained: tried.probabilities };
}
