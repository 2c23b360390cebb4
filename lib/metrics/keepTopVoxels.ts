import { checkMask, checkShare } from './check';

/**
 * Keeps exactly a share of a clip's voxels: those of the highest mask values, over all frames jointly.
 *
 * Where the last of them are equal, the rest of the budget is spread evenly over all equals, each kept in part. So
 * the kept voxels always sum up to share·T·H·W, and a constant mask keeps every voxel by the same share. Only the
 * order of the mask's values matters.
 *
 * @param mask T×H×W in [0, 1]
 * @param share a in [0, 1]
 * @returns T×H×W: 1 kept, 0 left out, between them the members of the tie
 * @throws FepError `FEP_SHAPE` when the mask is empty, `FEP_USAGE` when a value is out of range
 */
export function keepTopVoxels(mask: Float32Array, share: number): Float32Array {
  checkMask(mask);
  checkShare('share', share);
  const budget = share * mask.length;
  const least = mask.toSorted()[mask.length - Math.max(1, Math.ceil(budget))]!;
  let above = 0;
  let tied = 0;
  for (const value of mask) {
    if (value > least) above++;
    else if (value === least) tied++;
  }
  const part = (budget - above) / tied;
  return mask.map((value) => (value > least ? 1 : value === least ? part : 0));
}
