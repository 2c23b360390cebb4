import type { ExtremalPerturbationResult, GradientRecord, Iteration, MaskRunOptions } from '../../binding';
import { runJob } from '../binding/runJob';
import { pictureOptions } from '../clip/normalize';
import type { Clip } from '../clip/types';
import type { MaskConfig } from '../methods/config';
import { toMaskOptions } from '../methods/native';
import { requireGradient } from '../model/check/requireUsable';
import type { VideoModel } from '../model/videoModel';
import { defined } from '../options/defined';
import { freeMemory } from '../system/freeMemory';
import { describePart, WHOLE } from './describePart';
import { guardProgress } from './guardProgress';
import type { ExplainProgress, Explanation, Watch } from './types';

/** A clip and the class to explain on it: −1 for the predicted one. */
export interface ClipAndTarget {
  clip: Clip;
  target: number;
}

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
  watch: Watch,
  record?: NonNullable<MaskRunOptions['record']>,
): Promise<RecordedExplanation> {
  const result = await runMasks(model, [{ clip, target }], [config], watch, defined({ record }));
  const explanation = describePart(result, WHOLE, model, clip, config);
  return { explanation, gradients: result.gradients };
}

/**
 * Runs configurations on clips side by side, in one run, which keeps a GPU busy.
 *
 * @param configs alike in everything but the bands of frequencies and the target
 * @returns of each clip the explanations, one for each configuration
 */
export async function findMasksSideBySide(
  model: VideoModel,
  clips: readonly ClipAndTarget[],
  configs: readonly MaskConfig[],
  watch: Watch,
): Promise<Explanation[][]> {
  const result = await runMasks(model, clips, configs, watch);
  const counts = { clips: clips.length, cells: configs.length };
  return clips.map(({ clip: explained }, clip) =>
    configs.map((config, cell) => describePart(result, { clip, cell, ...counts }, model, explained, config)),
  );
}

/** Runs configurations on clips side by side; more: gradients to keep, parameters to start from, a search. */
export async function runMasks(
  model: VideoModel,
  clips: readonly ClipAndTarget[],
  configs: readonly MaskConfig[],
  { onProgress, progressMasks, signal }: Watch,
  more: Pick<MaskRunOptions, 'record' | 'initial' | 'enough'> = {},
): Promise<ExtremalPerturbationResult> {
  for (const { method } of configs) requireGradient(method, model.check);
  const watch = guardProgress(onProgress, signal, progressOf);
  const options = {
    ...toMaskOptions(configs, model.manifest),
    seed: configs[0]!.seed,
    pictures: pictureOptions(model.manifest.input),
    ...defined({ ...more, progressMasks }),
    ...(model.device === 'cpu' && { memory: freeMemory() }),
  };
  const data = joined(clips.map(({ clip }) => clip.data));
  const targets = clips.map(({ target }) => target);
  return runJob(
    () => model.native.extremalPerturbation(data, targets, options, watch.report),
    watch.signal,
  ).catch((error) => {
    throw watch.thrown ?? error;
  });
}

/** One behind the other; one alone is not copied. */
function joined(arrays: Float32Array[]): Float32Array {
  if (arrays.length === 1) return arrays[0]!;
  const all = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}

function progressOf({
  iteration,
  iterations,
  reward,
  area,
  core,
  realisedArea,
  mask,
}: Iteration): ExplainProgress {
  return {
    iteration,
    iterations,
    reward: reward[0]!,
    area: area[0]!,
    core: core[0]!,
    realisedArea: realisedArea[0]!,
    ...(mask && { mask }),
  };
}
