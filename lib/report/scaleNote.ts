/** What 0 and 1 are in a mask's colours. */
export function scaleNote({ scaled = false }: { scaled?: boolean }): string {
  return scaled
    ? 'map scaled over the clip: smallest value 0, 99.9th percentile 1'
    : 'mask 0 to 1, not rescaled';
}
