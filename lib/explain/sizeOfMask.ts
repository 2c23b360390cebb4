import { type ExplainConfig, variantOf } from '../methods/config';
import type { MaskExplanation } from './types';

/**
 * How large a mask is, a share of the frame, as native/attribution/budget_search.h has it: where it is at least ½. One that deletes may take a class away by blurring it a
 * little all over, so that of such masks it is the mean.
 */
export function sizeOf(
  { realisedArea, realisedAreaAtHalf }: Pick<MaskExplanation, 'realisedArea' | 'realisedAreaAtHalf'>,
  config: ExplainConfig,
): number {
  return variantOf(config) === 'delete' ? realisedArea : realisedAreaAtHalf;
}
