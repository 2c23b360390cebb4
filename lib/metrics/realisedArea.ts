import { checkMask } from './check';

/**
 * The realised area: the mean of the mask over the frame's voxels, in [0, 1].
 *
 * @param mask T×H×W in [0, 1]
 * @throws FepError `FEP_SHAPE` when the mask is empty, `FEP_USAGE` when a value is out of range
 */
export function realisedArea(mask: Float32Array): number {
  checkMask(mask);
  return mask.reduce((sum, value) => sum + value, 0) / mask.length;
}

/**
 * The share of the frame's voxels where a mask is at least 0.5.
 *
 * @param mask T×H×W in [0, 1]
 * @throws FepError as `realisedArea`
 */
export function realisedAreaAtHalf(mask: Float32Array): number {
  checkMask(mask);
  return mask.reduce((count, value) => count + (value >= 0.5 ? 1 : 0), 0) / mask.length;
}
