import type { BoxMask } from '../datasets/types';
import { annotatedFrames } from './annotatedFrames';

/**
 * The overlap of the voxels that a mask keeps, K, with the voxels inside the boxes, O, over annotated frames only.
 *
 * A ratio with an empty denominator is null, so all three are null when no frame is annotated.
 */
export interface Overlap {
  /** |O ∧ K| / |O|; null when no annotated frame has a box. */
  recall: number | null;
  /** |O ∧ K| / |K|; null when nothing is kept in the annotated frames. */
  precision: number | null;
  /** |O ∧ K| / |O ∨ K|; null when both are empty. */
  iou: number | null;
}

/** @param kept how much of a voxel is kept, in [0, 1]; a fraction counts as that fraction of a voxel */
export function overlap(boxes: BoxMask, kept: (voxel: number) => number): Overlap {
  let both = 0;
  let inBoxes = 0;
  let inMask = 0;
  for (const { start, end } of annotatedFrames(boxes)) {
    for (let voxel = start; voxel < end; voxel++) {
      const weight = kept(voxel);
      const inside = boxes.inside[voxel]!;
      both += weight * inside;
      inBoxes += inside;
      inMask += weight;
    }
  }
  return {
    recall: ratio(both, inBoxes),
    precision: ratio(both, inMask),
    iou: ratio(both, inBoxes + inMask - both),
  };
}

function ratio(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}
