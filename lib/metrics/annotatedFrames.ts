import type { BoxMask } from '../datasets/types';

/** The voxels of one frame: `start` … `end` − 1. */
export interface FrameRange {
  start: number;
  end: number;
}

/** The frames that localisation metrics look at: those for which somebody drew boxes, or said that there is none. */
export function annotatedFrames({ inside, annotated }: BoxMask): FrameRange[] {
  const size = inside.length / annotated.length;
  return annotated.flatMap((known, t) => (known ? [{ start: t * size, end: (t + 1) * size }] : []));
}
