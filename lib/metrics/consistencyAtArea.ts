import type { BoxMask } from '../datasets/types';
import { checkMaskAndBoxes } from './check';
import { keepTopVoxels } from './keepTopVoxels';
import { type Overlap, overlap } from './overlap';

/** The matched areas at which masks are compared, as shares of the clip's voxels. */
export const STC_AREAS: readonly number[] = [0.05, 0.1, 0.2];

/**
 * STC@a: STC of the mask that keeps exactly the share a of the clip's voxels, so that no method wins by a larger mask.
 *
 * The budget covers all frames, annotated or not; the overlap counts annotated frames only. Where the boxes are larger
 * than the budget, recall cannot exceed budget / |O|: compare with the row of `oracleMask`. A voxel that is kept
 * fractionally (see `keepTopVoxels`) counts fractionally, so the recall is the expected one with ties broken at random;
 * the union of the IoU is then |O| + |K| − |O ∧ K|.
 *
 * @param mask T×H×W in [0, 1]
 * @param share a in [0, 1]
 * @throws FepError `FEP_SHAPE` when the sizes of mask and boxes differ, `FEP_USAGE` when a value is out of range
 */
export function consistencyAtArea(mask: Float32Array, boxes: BoxMask, share: number): Overlap {
  checkMaskAndBoxes(mask, boxes);
  const kept = keepTopVoxels(mask, share);
  return overlap(boxes, (voxel) => kept[voxel]!);
}
