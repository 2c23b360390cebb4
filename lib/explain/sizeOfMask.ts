import { type ExplainConfig, isMaskConfig } from '../methods/config';
import type { MaskExplanation } from './types';

/**
 * How large a mask is, a share of the frame: where it is at least ½. One that deletes may take a class away by blurring it a
 * little all over, so that of such masks it is the mean.
 */
export function sizeOf(
  { realisedArea, realisedAreaAtHalf }: Pick<MaskExplanation, 'realisedArea' | 'realisedAreaAtHalf'>,
  config: ExplainConfig,
): number {
  return variantOf(config) === 'delete' ? realisedArea : realisedAreaAtHalf;
}

/** What a mask was asked for; what is enough, where nothing else was. */
export function variantOf(config: ExplainConfig): 'preserve' | 'delete' | 'dual' {
  return (isMaskConfig(config) && config.variant) || 'preserve';
}
