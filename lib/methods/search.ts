/** Updates of the search for the smallest mask, as a share of those of the mask that it begins with. */
const SHARE_OF_RUN = 1 / 2;

/** Updates of the search alone. */
export function updatesOfSearch(iterations: number): number {
  return Math.ceil(iterations * SHARE_OF_RUN);
}

/** Updates of the first mask and of the search. */
export function updatesWithSearch(iterations: number): number {
  return iterations + updatesOfSearch(iterations);
}
