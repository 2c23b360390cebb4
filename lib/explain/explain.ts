import type { ExtremalPerturbationResult, Iteration } from '../../binding';
import type { Clip } from '../clip/types';
import type { ExplainOptions } from '../config/options';
import { type ExplainConfig, resolveConfig, toNativeOptions } from '../config/resolve';
import type { Prediction, VideoModel } from '../model/videoModel';
import { runJob } from '../native/runJob';
import type { EnergyPoint } from '../report/types';
import { checkClip } from './checkClip';

/** How far a run is, for the first area. */
export interface ExplainProgress extends EnergyPoint {
  iterations: number;
  /** Mean of the mask over the frame. */
  realisedArea: number;
}

export interface ExplainCallOptions extends ExplainOptions {
  /** Called at most ten times a second, and for the last iteration. */
  onProgress?: (progress: ExplainProgress) => void;
  /** Stops the run within one iteration; the promise rejects with `FEP_ABORTED`. */
  signal?: AbortSignal;
}

/** The mask for one area budget, and what it does. */
export interface MaskExplanation {
  /** a, the budget that was asked for. */
  area: number;
  /** T×H×W in [0, 1]; 1 keeps a voxel, 0 perturbs it fully. */
  mask: Float32Array;
  /** Mean of the mask over the frame's voxels. It differs from `area`, which by default counts a padded canvas. */
  realisedArea: number;
  /** Share of the frame's voxels where the mask is at least 0.5. */
  realisedAreaAtHalf: number;
  /** Φ_y(X) and Φ_y(M ⊗ X), y the target. */
  probability: { original: number; explained: number };
  /** The most probable class on M ⊗ X. */
  predicted: Prediction;
  /** Weighted energies of every iteration. */
  energy: EnergyPoint[];
}

export interface Explanation {
  config: ExplainConfig;
  target: Prediction;
  /** The most probable class on the clip. */
  predicted: Prediction;
  /** One for each area, in the order asked for. */
  masks: MaskExplanation[];
  /** Seconds in the loop, in it inside the model, and for each iteration. */
  timing: { seconds: number; modelSeconds: number; secondsPerIteration: number };
}

/**
 * Explains a model's decision on a clip: finds the mask over space and time that the decision rests on.
 *
 * @param clip as `readClip` returns it for this model
 * @throws FepError `FEP_USAGE`, `FEP_SHAPE`, `FEP_NUMERIC`, `FEP_ABORTED`, `FEP_DISPOSED`, or out of memory
 */
export async function explain(
  model: VideoModel,
  clip: Clip,
  options: ExplainCallOptions = {},
): Promise<Explanation> {
  const { onProgress, signal, ...given } = options;
  const config = resolveConfig(given, model.manifest);
  checkClip(clip, model.manifest);
  const target = config.target === null ? -1 : model.classIndex(config.target);
  const watch = guardProgress(onProgress, signal);
  const result = await runJob(
    () =>
      model.native.extremalPerturbation(
        clip.data,
        target,
        toNativeOptions(config, model.manifest),
        watch.report,
      ),
    watch.signal,
  ).catch((error) => {
    throw watch.thrown ?? error;
  });
  return describe(result, config, model);
}

/** A callback that throws must stop the run and reach the caller, not the process. */
function guardProgress(onProgress: ExplainCallOptions['onProgress'], signal: AbortSignal | undefined) {
  const stop = new AbortController();
  const watch = {
    signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal,
    thrown: undefined as unknown,
    report:
      onProgress &&
      ((iteration: Iteration) => {
        try {
          onProgress(progressOf(iteration));
        } catch (error) {
          watch.thrown ??= error;
          stop.abort(error);
        }
      }),
  };
  return watch;
}

function progressOf({ iteration, iterations, reward, area, core, realisedArea }: Iteration): ExplainProgress {
  return {
    iteration,
    iterations,
    reward: reward[0]!,
    area: area[0]!,
    core: core[0]!,
    realisedArea: realisedArea[0]!,
  };
}

function describe(result: ExtremalPerturbationResult, config: ExplainConfig, model: VideoModel): Explanation {
  const { target, original, seconds, modelSeconds } = result;
  return {
    config,
    target: { index: target, name: model.className(target), probability: original[target]! },
    predicted: model.best(original),
    masks: config.areas.map((area, i) => describeMask(result, area, i, config.areas.length, model)),
    timing: { seconds, modelSeconds, secondsPerIteration: seconds / config.iterations },
  };
}

function describeMask(
  { masks, original, explained, target, ...history }: ExtremalPerturbationResult,
  area: number,
  i: number,
  areas: number,
  model: VideoModel,
): MaskExplanation {
  const mask = part(masks, i, areas);
  const probabilities = part(explained, i, areas);
  return {
    area,
    mask,
    realisedArea: mean(mask),
    realisedAreaAtHalf: mask.reduce((count, m) => count + (m >= 0.5 ? 1 : 0), 0) / mask.length,
    probability: { original: original[target]!, explained: probabilities[target]! },
    predicted: model.best(probabilities),
    energy: Array.from({ length: history.reward.length / areas }, (_, iteration) => ({
      iteration,
      reward: history.reward[iteration * areas + i]!,
      area: history.area[iteration * areas + i]!,
      core: history.core[iteration * areas + i]!,
    })),
  };
}

/** Part `i` of `of` equal parts, copied. */
function part(array: Float32Array, i: number, of: number): Float32Array {
  const length = array.length / of;
  return array.slice(i * length, (i + 1) * length);
}

function mean(array: Float32Array): number {
  return array.reduce((sum, value) => sum + value, 0) / array.length;
}
