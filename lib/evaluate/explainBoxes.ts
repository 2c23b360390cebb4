import type { AnnotatedClip, BoxMask } from '../datasets/types';
import { describeMask } from '../explain/describeMask';
import { tryMask } from '../explain/tryMask';
import type { MaskExplanation } from '../explain/types';
import { nativePerturbation } from '../methods/perturbation';
import { oracleMask } from '../metrics/oracleMask';
import type { VideoModel } from '../model/videoModel';
import type { ClassToExplain, PlannedExplanation } from './types';

/** The boxes as if a method had found them: what a perfect localiser would get. No mask where there are none. */
export async function explainBoxes(
  model: VideoModel,
  { clip, boxes }: AnnotatedClip,
  { target, probabilities, signal }: ClassToExplain & { signal: AbortSignal | undefined },
): Promise<PlannedExplanation> {
  const start = performance.now();
  const original = probabilities ?? (await model.predict(clip, signal));
  const predicted = model.best(original);
  const index = target ?? predicted.index;
  const masks = boxes ? [await tryBoxes(model, { clip, boxes }, { index, original, signal })] : [];
  const seconds = (performance.now() - start) / 1000;
  return {
    config: null,
    target: { index, name: model.className(index), probability: original[index]! },
    predicted,
    masks,
    timing: { seconds, modelSeconds: seconds },
  };
}

async function tryBoxes(
  model: VideoModel,
  { clip, boxes }: { clip: AnnotatedClip['clip']; boxes: BoxMask },
  { index, original, signal }: { index: number; original: Float32Array; signal: AbortSignal | undefined },
): Promise<MaskExplanation> {
  const mask = oracleMask(boxes);
  const perturbation = nativePerturbation('blur', model.manifest);
  const { perturbed, explained } = await tryMask(model, clip, mask, perturbation, signal);
  const probabilities = { original, explained };
  const described = describeMask(model, { mask, perturbed, target: index, probabilities });
  return { area: null, ...described, energy: [] };
}
