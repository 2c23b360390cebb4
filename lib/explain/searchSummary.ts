import type { AreaSearch } from './types';

/** A search as JSON tells it: without the masks. */
export function searchSummary({ keep, found, blank, chosen, tried }: AreaSearch) {
  return {
    keep,
    found,
    blank,
    chosen,
    tried: tried.map(({ area, realisedArea, realisedAreaAtHalf, probability, deleted, updates }) => ({
      area,
      realisedArea,
      realisedAreaAtHalf,
      probability,
      ...(deleted !== undefined && { deleted }),
      updates,
    })),
  };
}
