/** Explains what 0 and 1 mean on the colour scale. */
export function scaleNote({ scaled = false }: { scaled?: boolean }): string {
  return scaled
    ? 'map scaled over the clip: smallest value 0, 99.9th percentile 1'
    : 'mask 0 to 1, not rescaled';
}
