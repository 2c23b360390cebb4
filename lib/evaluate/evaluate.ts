import type { Explanation } from '../explain/types';
import type { VideoModel } from '../model/videoModel';
import { explainPlanned } from './explainPlanned';
import { labelAtArea } from './labels';
import type { PlannedMethod } from './plan';
import { type ScoreOptions, scoreExplanation } from './score';
import type { ClassToExplain, ClipToExplain, EvaluatedMask, Evaluation, PlannedExplanation } from './types';

/** Which method is evaluated, and how. */
export interface EvaluateOptions extends ClassToExplain, ScoreOptions {
  method: Pick<PlannedMethod, 'label' | 'control' | 'config'>;
  /**
   * Added to the method's seed and to that of the scores. A bench gives each clip another number: with the same random
   * masks on every clip, their luck would not average out. Default 0.
   */
  addToSeeds?: number;
  /** What the method found, where it has run already. */
  explanation?: Explanation | undefined;
  /** Called with how much of the explanation is done, in [0, 1]. */
  onFraction?: (fraction: number) => void;
  signal: AbortSignal | undefined;
}

/**
 * Explains a clip by one method, and scores every mask by every metric.
 *
 * @throws FepError as `explain`
 */
export async function evaluate(
  model: VideoModel,
  clip: ClipToExplain,
  options: EvaluateOptions,
): Promise<Evaluation> {
  const found = options.explanation ?? (await explainMethod(model, clip, options));
  const masks: EvaluatedMask[] = [];
  for (const i of found.masks.keys()) masks.push(await evaluateMask(model, clip, found, i, options));
  return { target: found.target, masks, timing: found.timing };
}

function explainMethod(
  model: VideoModel,
  clip: ClipToExplain,
  { method: { config }, target, probabilities, addToSeeds = 0, onFraction, signal }: EvaluateOptions,
): Promise<PlannedExplanation> {
  return explainPlanned(model, clip, {
    config: config && { ...config, seed: config.seed + addToSeeds },
    target,
    probabilities,
    onProgress: ({ iteration, iterations }) => onFraction?.((iteration + 1) / iterations),
    signal,
  });
}

async function evaluateMask(
  model: VideoModel,
  clip: ClipToExplain,
  { config, target, masks, timing }: PlannedExplanation,
  i: number,
  { method: { label, control }, curveSteps, removal, seed, addToSeeds = 0, signal }: EvaluateOptions,
): Promise<EvaluatedMask> {
  const explanation = masks[i]!;
  const start = performance.now();
  const scores = await scoreExplanation(model, clip, {
    explanation,
    target: target.index,
    curveSteps,
    removal,
    seed: seed + addToSeeds,
    signal,
  });
  return {
    label: masks.length > 1 ? labelAtArea(label, explanation.area!) : label,
    control,
    config,
    explanation,
    scores,
    seconds: timing.seconds,
    scoringSeconds: (performance.now() - start) / 1000,
  };
}
