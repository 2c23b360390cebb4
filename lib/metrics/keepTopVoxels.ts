import { checkMask, checkShare } from './check';

/**
 * Keeps exactly a share of a clip's voxels: those with the highest mask values, over all frames jointly.
 *
 * Voxels that tie at the cut-off share the rest of the budget evenly, each kept fractionally. The result therefore
 * always sums to share·T·H·W, and a constant mask keeps every voxel by the same fraction. Only the order of the mask
 * values matters.
 *
 * @param mask T×H×W in [0, 1]
 * @param share a in [0, 1]
 * @returns T×H×W: 1 for kept voxels, 0 for dropped ones, a fraction for tied ones
 * @throws FepError `FEP_SHAPE` when the mask is empty, `FEP_USAGE` when a value is out of range
 */
export function keepTopVoxels(mask: Float32Array, share: number): Float32Array {
  checkMask(mask);
  checkShare('share', share);
  const budget = share * mask.length;
  const cutoff = mask.toSorted()[mask.length - Math.max(1, Math.ceil(budget))]!;
  let above = 0;
  let tied = 0;
  for (const value of mask) {
    if (value > cutoff) above++;
    else if (value === cutoff) tied++;
  }
  const tiedShare = (budget - above) / tied;
  return mask.map((value) => (value > cutoff ? 1 : value === cutoff ? tiedShare : 0));
}
