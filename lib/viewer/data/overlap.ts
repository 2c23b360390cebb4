import { byteOf } from './histogram';
import type { LoadedClip, LoadedMask } from './load';

/** Overlap of the voxels with M ≥ τ and the boxes, over the annotated frames; null for an empty denominator. */
export interface BoxOverlap {
  /** Share of the boxes that is kept: STC. */
  recall: number | null;
  /** Share of the kept voxels that lie in the boxes. */
  precision: number | null;
}

export function boxOverlap({ bytes }: LoadedMask, clip: LoadedClip, threshold: number): BoxOverlap | null {
  const { boxes, annotated } = clip;
  if (!boxes) return null;
  const least = byteOf(threshold);
  const voxels = clip.height * clip.width;
  let [inBox, kept, both] = [0, 0, 0];
  for (let t = 0; t < clip.frames; t++) {
    if (!annotated[t]) continue;
    for (let i = t * voxels; i < (t + 1) * voxels; i++) {
      const [inside, keeps] = [boxes[i]!, bytes[i]! >= least ? 1 : 0];
      inBox += inside;
      kept += keeps;
      both += inside & keeps;
    }
  }
  return { recall: inBox > 0 ? both / inBox : null, precision: kept > 0 ? both / kept : null };
}
