import type { BoxMask } from '../datasets/types';
import { checkMaskAndBoxes } from './check';
import { keepTopVoxels } from './keepTopVoxels';
import { type Overlap, overlap } from './overlap';

/** The areas at which masks are compared: shares of the clip's voxels. */
export const STC_AREAS: readonly number[] = [0.05, 0.1, 0.2];

/**
 * STC@a: STC of the mask that keeps exactly a share of the clip's voxels, so that no method wins by a larger mask.
 *
 * The budget is spent over all frames, annotated or not; the overlap is counted over annotated ones. Recall cannot
 * exceed budget / |O| where the boxes are larger than the budget: compare with the row of `oracleMask`. A voxel kept
 * in part (see `keepTopVoxels`) counts in part, which makes the recall the one to expect of ties broken at random;
 * the union of the IoU is then |O| + |K| − |O ∧ K|.
 *
 * @param mask T×H×W in [0, 1]
 * @param share a in [0, 1]
 * @throws FepError `FEP_SHAPE` when mask and boxes are not of one size, `FEP_USAGE` when a value is out of range
 */
export function consistencyAtArea(mask: Float32Array, boxes: BoxMask, share: number): Overlap {
  checkMaskAndBoxes(mask, boxes);
  const kept = keepTopVoxels(mask, share);
  return overlap(boxes, (voxel) => kept[voxel]!);
}
