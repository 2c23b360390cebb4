import type { Manifest } from '../manifest/manifest';
import {
  isMaskConfig,
  iterationsOf,
  type MaskConfig,
  type SaliencyConfig,
  variantOf,
} from '../methods/config';
import { percent } from '../report/numbers';
import { missedBudget } from './missedBudget';
import type { AreaSearch, Explanation, MaskExplanation } from './types';

/**
 * Why a mask is not what was asked for, and what to do: a budget that was missed, a search that had not ended, a class that
 * no mask explains, a map of zeros. Undefined where nothing is to be done.
 */
export function adviceOn(
  { config, search }: Pick<Explanation, 'config' | 'search'>,
  mask: Pick<MaskExplanation, 'area' | 'realisedArea' | 'energy' | 'probability'>,
  manifest: Manifest,
): string | undefined {
  if (!isMaskConfig(config)) return nothingFound(config, mask);
  if (search) return needsNothing(search, config, mask) ?? stillShrinking(search, config);
  if (wasStopped(config, mask)) return undefined;
  const missed = missedBudget(mask, config, manifest);
  return missed && `The budget is missed: ${missed.reason}. Try ${missed.hint}.`;
}

/** The class keeps what was asked for where nothing is kept of the clip: then no mask can say why. */
function needsNothing(
  { keep, blank }: AreaSearch,
  config: MaskConfig,
  { probability }: Pick<MaskExplanation, 'probability'>,
): string | undefined {
  if (variantOf(config) !== 'preserve' || blank < keep * probability.original) return undefined;
  const other = config.perturbation === 'fade' ? 'blur' : 'fade';
  return (
    `The class has ${percent(blank)} where nothing is kept: the mask says little of why. ` +
    `Try --perturbation ${other}.`
  );
}

/** A map of zeros, which is no error of the method: Grad-CAM's are where all that a layer has speaks against the class. */
function nothingFound({ layer }: SaliencyConfig, { realisedArea }: Pick<MaskExplanation, 'realisedArea'>) {
  if (realisedArea > 0) return undefined;
  return !layer
    ? 'The map is the same everywhere. Try another method.'
    : `The map is the same everywhere: nothing at ${layer} speaks for the class. Try another --layer, or another method.`;
}

/** A person ended the run before its time, who knows why its mask is as it is. */
function wasStopped(config: MaskConfig, { energy }: Pick<MaskExplanation, 'energy'>): boolean {
  return config.until === 'iterations' && energy.length < iterationsOf(config);
}

/** More updates would have made the smallest mask smaller where the last one brought it. */
function stillShrinking({ found, tried, chosen }: AreaSearch, config: MaskConfig): string | undefined {
  if (!found || tried[chosen]!.updates < iterationsOf(config)) return undefined;
  const preset = config.schedule === 'quick' ? '--preset quick ' : '';
  return `It was still shrinking: try ${preset}--iterations ${2 * config.iterations}.`;
}
