import type { AnnotatedClip } from '../datasets/types';
import { scoreMask } from '../metrics/score';
import type { Prediction, VideoModel } from '../model/videoModel';
import type { FoundMask } from './compare';
import type { CheckedCompareOptions } from './options';
import type { ComparedMethod } from './types';

/** Scores a mask by every metric. */
export async function scoreMethod(
  found: FoundMask,
  model: VideoModel,
  { clip, boxes, label }: AnnotatedClip & { label: string | null },
  target: Prediction,
  { curveSteps, removal, seed }: CheckedCompareOptions,
  signal: AbortSignal | undefined,
): Promise<ComparedMethod> {
  const start = performance.now();
  const { mask, probability, predicted } = found.explanation;
  const scores = await scoreMask({
    ...{ mask, boxes, probability, seed, predictedExplained: predicted.index },
    labelIndex: label === null ? null : model.classIndex(label),
    ...(curveSteps > 0 && {
      steps: curveSteps,
      predict: async (masks: Float32Array, count: number) => {
        const all = await model.predictPerturbed(clip, masks, count, removal, signal);
        return all.filter((_, i) => i % model.classes === target.index);
      },
    }),
  });
  return { ...found, scores, scoringSeconds: (performance.now() - start) / 1000 };
}
