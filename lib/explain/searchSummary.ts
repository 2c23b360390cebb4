import type { AreaSearch } from './types';

/** A search as JSON tells it: without the masks. */
export function searchSummary({ keep, found, chosen, tried }: AreaSearch) {
  return {
    keep,
    found,
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
