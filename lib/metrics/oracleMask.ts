import type { BoxMask } from '../datasets/types';
import { annotatedFrames } from './annotatedFrames';
import { checkBoxes } from './check';

/**
 * The mask that a perfect localiser would give: the best that the other rows of a table can hope for.
 *
 * @returns T×H×W: 1 inside the boxes, 0 outside them and in frames that nobody annotated
 * @throws FepError `FEP_SHAPE` when the voxels do not make up the frames
 */
export function oracleMask(boxes: BoxMask): Float32Array {
  checkBoxes(boxes);
  const mask = new Float32Array(boxes.inside.length);
  for (const { start, end } of annotatedFrames(boxes)) mask.set(boxes.inside.subarray(start, end), start);
  return mask;
}
