import type { BoxMask } from '../datasets/types';

/** The voxel indices of one frame: `start` … `end` − 1. */
export interface FrameRange {
  start: number;
  end: number;
}

/** The annotated frames, which the localisation metrics count: they have boxes, or are marked as having none. */
export function annotatedFrames({ inside, annotated }: BoxMask): FrameRange[] {
  const size = inside.length / annotated.length;
  return annotated.flatMap((known, t) => (known ? [{ start: t * size, end: (t + 1) * size }] : []));
}
