import type { MaskExplanation } from './types';

/**
 * How large a mask is, a share of the frame: where it is at least ½, or its mean if that is more, because what is below ½
 * shows something of the clip too. native/attribution/budget_search.cc has the same.
 */
export function sizeOf({
  realisedArea,
  realisedAreaAtHalf,
}: Pick<MaskExplanation, 'realisedArea' | 'realisedAreaAtHalf'>): number {
  return Math.max(realisedArea, realisedAreaAtHalf);
}
