import type { AnnotatedClip, BoxMask } from '../datasets/types';
import { describeMask } from '../explain/describeMask';
import type { MaskExplanation } from '../explain/types';
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
  const explained = await model.predictPerturbed(clip, mask, { signal });
  return { area: null, ...describeMask(model, mask, index, { original, explained }), energy: [] };
}
