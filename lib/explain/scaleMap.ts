/** Above this share of its values a map is clipped: a few voxels would leave the rest dark. */
const CLIPPED_ABOVE = 0.999;

/**
 * A saliency map as a mask: its smallest value becomes 0, its 99.9th percentile 1, and what is above is clipped. A map
 * that is the same everywhere singles nothing out and becomes 0.
 *
 * The percentile is interpolated linearly between values, as NumPy does it; where it is the smallest value, because
 * almost all of the map is, the largest takes its place.
 */
export function scaleMap(map: Float32Array): Float32Array {
  const sorted = map.toSorted();
  const [least, most] = [sorted[0]!, sorted.at(-1)!];
  if (most === least) return new Float32Array(map.length);
  const place = CLIPPED_ABOVE * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
  const percentile = below + (above - below) * (place - Math.floor(place));
  const range = (percentile > least ? percentile : most) - least;
  return map.map((value) => Math.min((value - least) / range, 1));
}
