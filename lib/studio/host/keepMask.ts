import type { Clip } from '../../clip/types';
import { describeMask } from '../../explain/describeMask';
import { originOf } from '../../explain/origin';
import { tryMask } from '../../explain/tryMask';
import type { Explanation } from '../../explain/types';
import type { ExplainConfig } from '../../methods/config';
import { isMaskConfig, type MaskConfig } from '../../methods/config';
import { perturbationOf } from '../../methods/perturbation';
import type { VideoModel } from '../../model/videoModel';
import type { EnergyPoint } from '../../report/energyPoint';

/** What is known of a run that was ended before its time. */
export interface Unfinished {
  mask: Float32Array;
  energy: EnergyPoint[];
  seconds: number;
}

/**
 * The explanation by the mask that a run had when a person stopped it. Its configuration is that of the run; its energies say
 * after how many updates it ended.
 */
export async function keepMask(
  model: VideoModel,
  clip: Clip,
  config: ExplainConfig,
  { mask, energy, seconds }: Unfinished,
): Promise<Explanation> {
  const perturbation = perturbationOf(config, model.manifest);
  const original = await model.predict(clip);
  const { perturbed, explained } = await tryMask(model, clip, mask, perturbation, undefined);
  const index = config.target === null ? model.best(original).index : model.classIndex(config.target);
  const described = describeMask(model, {
    mask,
    perturbed,
    target: index,
    probabilities: { original, explained },
  });
  return {
    origin: originOf(model, clip),
    config: isMaskConfig(config) ? withoutSearch(config) : config,
    target: { index, name: model.className(index), probability: original[index]! },
    predicted: model.best(original),
    masks: [{ area: isMaskConfig(config) ? config.areas[0]! : null, ...described, energy }],
    timing: { seconds, modelSeconds: seconds, secondsPerIteration: seconds / Math.max(energy.length, 1) },
  };
}

/** The search for the smallest mask had not ended, so that nothing can be said of it. */
function withoutSearch({ search: _, ...config }: MaskConfig): MaskConfig {
  return config;
}
