import type { BoxMask } from '../datasets/types';
import { annotatedFrames, type FrameRange } from './annotatedFrames';
import { checkMaskAndBoxes } from './check';

/** How often the mask's maximum lies in a box. */
export interface PointingGame {
  /** Frames whose maximum lies inside a box. A tie counts as the share of the tied maxima inside. */
  hits: number;
  /** Annotated frames with a box. */
  frames: number;
  /** hits / frames; null when no annotated frame has a box. */
  rate: number | null;
}

/**
 * The pointing game, frame by frame: whether the mask's maximum lies inside a box.
 *
 * A frame on which the mask is constant scores the share of the frame that the boxes cover.
 *
 * @param mask T×H×W in [0, 1]
 * @throws FepError `FEP_SHAPE` when the sizes of mask and boxes differ, `FEP_USAGE` when a value is out of range
 */
export function pointingGame(mask: Float32Array, boxes: BoxMask): PointingGame {
  checkMaskAndBoxes(mask, boxes);
  const frames = annotatedFrames(boxes).filter(({ start, end }) =>
    boxes.inside.subarray(start, end).includes(1),
  );
  const hits = frames.reduce((sum, frame) => sum + hitShare(mask, boxes.inside, frame), 0);
  return { hits, frames: frames.length, rate: frames.length > 0 ? hits / frames.length : null };
}

/** The share of a frame's maxima that lie inside a box. */
function hitShare(mask: Float32Array, inside: Uint8Array, { start, end }: FrameRange): number {
  let highest = Number.NEGATIVE_INFINITY;
  let maxima = 0;
  let hits = 0;
  for (let voxel = start; voxel < end; voxel++) {
    const value = mask[voxel]!;
    if (value < highest) continue;
    if (value > highest) {
      highest = value;
      maxima = 0;
      hits = 0;
    }
    maxima++;
    hits += inside[voxel]!;
  }
  return hits / maxima;
}
