import type { ExtremalPerturbationResult } from '../../binding';
import type { Clip } from '../clip/types';
import type { MaskConfig } from '../methods/config';
import type { VideoModel } from '../model/videoModel';
import type { EnergyPoint } from '../report/energyPoint';
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

/** The only clip of a run with one configuration. */
export const WHOLE: Part = { clip: 0, clips: 1, cell: 0, cells: 1 };

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
  const masks = config.areas.map((area, i): MaskExplanation => {
    const { index, of } = maskOf(i, part, config);
    const described = describeMask(model, {
      mask: slice(result.masks, index, of),
      perturbed: slice(result.pictures!, index, of),
      target,
      probabilities: { original, explained: slice(result.explained, index, of) },
      ...(result.deleted && { deleted: slice(result.deleted, index, of) }),
    });
    return { area, ...described, energy: energyOf(result, { index, of }, iterations) };
  });
  return {
    origin: originOf(model, explained),
    config,
    target: { index: target, name: model.className(target), probability: original[target]! },
    predicted: model.best(original),
    masks,
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

/** The energies of one mask in each of its iterations. */
export function energyOf(
  { reward, area, core }: ExtremalPerturbationResult,
  { index, of }: { index: number; of: number },
  iterations: number,
): EnergyPoint[] {
  return Array.from({ length: iterations }, (_, iteration) => ({
    iteration,
    reward: reward[iteration * of + index]!,
    area: area[iteration * of + index]!,
    core: core[iteration * of + index]!,
  }));
}

/** Part `i` of `of` equal parts, copied. */
export function slice<Values extends Float32Array | Uint8Array>(
  array: Values,
  i: number,
  of: number,
): Values {
  const length = array.length / of;
  return array.slice(i * length, (i + 1) * length) as Values;
}
