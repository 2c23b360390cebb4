import type { Manifest } from '../manifest/manifest';
import { isMaskConfig, iterationsOf, type MaskConfig } from '../methods/config';
import { missedBudget } from './missedBudget';
import type { AreaSearch, Explanation, MaskExplanation } from './types';

/**
 * Why a mask is not what was asked for, and what to do: a budget that was missed, or a search whose last update still brought a
 * smaller mask. Undefined where nothing is to be done.
 */
export function adviceOn(
  { config, search }: Pick<Explanation, 'config' | 'search'>,
  mask: Pick<MaskExplanation, 'area' | 'realisedArea' | 'energy'>,
  manifest: Manifest,
): string | undefined {
  if (!isMaskConfig(config) || wasStopped(config, mask)) return undefined;
  if (search) return stillShrinking(search, config);
  const missed = missedBudget(mask, config, manifest);
  return missed && `The budget is missed: ${missed.reason}. Try ${missed.hint}.`;
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
