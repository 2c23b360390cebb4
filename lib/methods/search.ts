/** Updates of a try that starts from another area's mask, as a share of those of a whole run. */
const SHARE_OF_RUN = 1 / 4;

/** Areas that the search for the smallest one tries, so that it takes at most three times as long as one area. */
export const MOST_TRIES = 9;

/** Updates of every try but the first, which is a whole run. */
export function updatesOfTry(iterations: number): number {
  return Math.ceil(iterations * SHARE_OF_RUN);
}

/** Most updates of a whole search. */
export function updatesOfSearch(iterations: number): number {
  return iterations + (MOST_TRIES - 1) * updatesOfTry(iterations);
}
