import type { BoxMask } from '../datasets/types';
import { annotatedFrames } from './annotatedFrames';
import { checkBoxes } from './check';

/**
 * The mask of a perfect localiser: an upper bound for the other rows of a table.
 *
 * @returns T×H×W: 1 inside the boxes, 0 outside them and in frames without annotation
 * @throws FepError `FEP_SHAPE` when the number of voxels is not a multiple of the number of frames
 */
export function oracleMask(boxes: BoxMask): Float32Array {
  checkBoxes(boxes);
  const mask = new Float32Array(boxes.inside.length);
  for (const { start, end } of annotatedFrames(boxes)) mask.set(boxes.inside.subarray(start, end), start);
  return mask;
}
