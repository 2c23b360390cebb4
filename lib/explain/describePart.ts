import type { ExtremalPerturbationResult } from '../../binding';
import type { Clip } from '../clip/types';
import type { MaskConfig } from '../methods/config';
import type { VideoModel } from '../model/videoModel';
import { describeMask } from './describeMask';
import { originOf } from './origin';
import type { Explanation, MaskExplanation } from './types';

/** What of a run an explanation is: which of its clips, and which of its configurations. */
export interface Part {
  clip: number;
  clips: number;
  cell: number;
  cells: number;
}

/** What a run found on one clip with one configuration, as if it had been a run by itself. */
export function describePart(
  result: ExtremalPerturbationResult,
  part: Part,
  model: VideoModel,
  explained: Clip,
  config: MaskConfig,
): Explanation {
  const { clip, clips, cell, cells } = part;
  const target = result.targets[clip]!;
  const original = slice(result.original, clip, clips);
  const iterations = result.updates[clip * cells + cell]!;
  const [seconds, modelSeconds] = [result.seconds, result.modelSeconds].map((all) => all / (clips * cells));
  const ofRun = result.reward.length / (clips * cells * config.areas.length);
  return {
    origin: originOf(model, explained),
    config,
    target: { index: target, name: model.className(target), probability: original[target]! },
    predicted: model.best(original),
    masks: config.areas.map((area, i) => ({
      area,
      ...describeArea(result, maskOf(i, part, config), { target, original, iterations }, model),
    })),
    timing: {
      seconds: seconds!,
      modelSeconds: modelSeconds!,
      secondsPerIteration: seconds! / ofRun,
      ...(config.cudaGraph && { replayed: result.replayed }),
    },
  };
}

/** Which of the run's masks is the one of an area, and how many there are. */
function maskOf(area: number, { clip, clips, cell, cells }: Part, { areas }: MaskConfig) {
  return { index: (clip * areas.length + area) * cells + cell, of: clips * areas.length * cells };
}

function describeArea(
  { masks, explained, reward, area, core }: ExtremalPerturbationResult,
  { index, of }: { index: number; of: number },
  { target, original, iterations }: { target: number; original: Float32Array; iterations: number },
  model: VideoModel,
): Omit<MaskExplanation, 'area'> {
  const probabilities = { original, explained: slice(explained, index, of) };
  return {
    ...describeMask(model, slice(masks, index, of), target, probabilities),
    energy: Array.from({ length: iterations }, (_, iteration) => ({
      iteration,
      reward: reward[iteration * of + index]!,
      area: area[iteration * of + index]!,
      core: core[iteration * of + index]!,
    })),
  };
}

/** Part `i` of `of` equal parts, copied. */
function slice(array: Float32Array, i: number, of: number): Float32Array {
  const length = array.length / of;
  return array.slice(i * length, (i + 1) * length);
}
