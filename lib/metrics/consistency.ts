import type { BoxMask } from '../datasets/types';
import { checkMaskAndBoxes, checkShare } from './check';
import { type Overlap, overlap } from './overlap';

/** The thresholds of a sweep unless others are given. */
export const STC_THRESHOLDS: readonly number[] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/**
 * STC, spatio-temporal consistency: do the voxels with M ≥ τ lie where the actor is?
 *
 * The paper prints a count. Its numbers fit the recall, which is therefore what "STC" means without another word;
 * precision and IoU tell whether a mask reached it by keeping everything. Only annotated frames count, several boxes
 * of a frame are united, and a share of nothing is null (see `Overlap`).
 *
 * @param mask T×H×W in [0, 1]
 * @param threshold τ in [0, 1], taken to the mask's own precision: a mask value stored as 0.7 is ≥ 0.7
 * @throws FepError `FEP_SHAPE` when mask and boxes are not of one size, `FEP_USAGE` when a value is out of range
 */
export function consistency(mask: Float32Array, boxes: BoxMask, threshold = 0.5): Overlap {
  checkMaskAndBoxes(mask, boxes);
  checkShare('threshold', threshold);
  const least = Math.fround(threshold);
  return overlap(boxes, (voxel) => (mask[voxel]! >= least ? 1 : 0));
}

/** STC at one of several thresholds. */
export interface ConsistencyAtThreshold extends Overlap {
  /** τ. */
  threshold: number;
}

/**
 * STC over a sweep of τ.
 *
 * @throws FepError as `consistency`
 */
export function consistencySweep(
  mask: Float32Array,
  boxes: BoxMask,
  thresholds: readonly number[] = STC_THRESHOLDS,
): ConsistencyAtThreshold[] {
  return thresholds.map((threshold) => ({ threshold, ...consistency(mask, boxes, threshold) }));
}
