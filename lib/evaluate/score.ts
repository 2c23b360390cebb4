import type { MaskExplanation } from '../explain/types';
import type { PerturbationName } from '../methods/perturbation';
import { type MaskScores, scoreMask } from '../metrics/score';
import type { VideoModel } from '../model/videoModel';
import type { ClipToExplain } from './types';

/** How masks are scored. */
export interface ScoreOptions {
  /** Steps of the deletion and insertion curves; 0 leaves them out. */
  curveSteps: number;
  /** What takes the place of deleted voxels. */
  removal: PerturbationName;
  /** Of ties in deletion and insertion. */
  seed: number;
}

/** Scores one mask of an explanation by every metric. target: the index of the class that was explained. */
export async function scoreExplanation(
  model: VideoModel,
  { clip, boxes, label }: ClipToExplain,
  {
    explanation: { mask, probability, predicted },
    target,
    curveSteps,
    removal,
    seed,
    signal,
  }: ScoreOptions & { explanation: MaskExplanation; target: number; signal: AbortSignal | undefined },
): Promise<MaskScores> {
  const predict = async (masks: Float32Array, count: number) =>
    column(await model.predictPerturbed(clip, masks, { perturbation: removal, signal }), target, count);
  return scoreMask({
    mask,
    boxes,
    probability,
    predictedExplained: predicted.index,
    labelIndex: label === null ? null : model.classIndex(label),
    seed,
    ...(curveSteps > 0 && { steps: curveSteps, predict }),
  });
}

/** One class of count×classes probabilities. */
function column(probabilities: Float32Array, index: number, count: number): Float32Array {
  const classes = probabilities.length / count;
  return Float32Array.from({ length: count }, (_, i) => probabilities[i * classes + index]!);
}
