import type {
  ExtremalPerturbationOptions,
  ExtremalPerturbationResult,
  GradientRecord,
  Iteration,
} from '../../binding';
import type { Clip } from '../clip/types';
import { type MaskConfig, toNativeOptions } from '../config/resolve';
import { freeMemory } from '../freeMemory';
import { realisedArea, realisedAreaAtHalf } from '../metrics/realisedArea';
import type { VideoModel } from '../model/videoModel';
import { runJob } from '../native/runJob';
import { guardProgress } from './guardProgress';
import type { ExplainProgress, Explanation, MaskExplanation, Watch } from './types';

/** Runs a method that optimises masks. target: −1 for the predicted class. */
export async function findMasks(
  model: VideoModel,
  clip: Clip,
  target: number,
  config: MaskConfig,
  watch: Watch,
): Promise<Explanation> {
  return (await findMasksAndGradients(model, clip, target, config, watch)).explanation;
}

/** An explanation, and the gradients that were kept on the way to it. */
export interface RecordedExplanation {
  explanation: Explanation;
  gradients: GradientRecord[];
}

/** The same, and keeps the gradients of some iterations. */
export async function findMasksAndGradients(
  model: VideoModel,
  clip: Clip,
  target: number,
  config: MaskConfig,
  { onProgress, signal }: Watch,
  record?: NonNullable<ExtremalPerturbationOptions['record']>,
): Promise<RecordedExplanation> {
  const watch = guardProgress(onProgress, signal, progressOf);
  const options = {
    ...toNativeOptions(config, model.manifest),
    ...(record && { record }),
    ...(model.device === 'cpu' && { memory: freeMemory() }),
  };
  const result = await runJob(
    () => model.native.extremalPerturbation(clip.data, target, options, watch.report),
    watch.signal,
  ).catch((error) => {
    throw watch.thrown ?? error;
  });
  return { explanation: describe(result, config, model), gradients: result.gradients };
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

function describe(result: ExtremalPerturbationResult, config: MaskConfig, model: VideoModel): Explanation {
  const { target, original, seconds, modelSeconds } = result;
  const iterations = result.reward.length / config.areas.length;
  return {
    config,
    target: { index: target, name: model.className(target), probability: original[target]! },
    predicted: model.best(original),
    masks: config.areas.map((area, i) => describeMask(result, area, i, config.areas.length, model)),
    timing: { seconds, modelSeconds, secondsPerIteration: seconds / iterations },
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
    realisedArea: realisedArea(mask),
    realisedAreaAtHalf: realisedAreaAtHalf(mask),
    probability: { original: original[target]!, explained: probabilities[target]! },
    probabilities: { original, explained: probabilities },
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
