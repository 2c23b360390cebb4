import type { BoxMask } from '../datasets/types';
import { checkMaskAndBoxes, checkShare } from './check';
import { type Overlap, overlap } from './overlap';

/** The default thresholds of a sweep. */
export const STC_THRESHOLDS: readonly number[] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/**
 * STC, spatio-temporal consistency: whether the voxels with M ≥ τ lie on the actor.
 *
 * The paper defines STC as a count, but its numbers match the recall, so "STC" alone means the recall here; precision
 * and IoU show whether a mask reached it by keeping everything. Only annotated frames count, the boxes of a frame are
 * united, and a ratio with an empty denominator is null (see `Overlap`).
 *
 * @param mask T×H×W in [0, 1]
 * @param threshold τ in [0, 1], rounded to float32 like the mask: a mask value stored as 0.7 is ≥ 0.7
 * @throws FepError `FEP_SHAPE` when the sizes of mask and boxes differ, `FEP_USAGE` when a value is out of range
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
