import { resizing, type Size } from '../clip/resize';
import type { Clip } from '../clip/types';
import type { Resize } from '../manifest/manifest';
import type { Box } from './synthetic';
import type { BoxMask } from './types';

/** The boxes of one frame; empty if it is not annotated. */
export type FrameBoxes = readonly Box[];

/**
 * Rasterises boxes onto the pixels of a clip: a pixel is inside if its centre, mapped back through the model's
 * resize and crop, lies in any box of its frame (left and top edges included, right and bottom edges not).
 *
 * A frame whose boxes contain no pixel centre (cropped away, or smaller than a pixel) counts as not annotated:
 * there is nothing of the object to find.
 *
 * @param frames the boxes of each of the clip's T frames, in pixels of `drawnOn`
 * @param drawnOn size of the frames that the boxes were drawn on; it corresponds to the whole source frame
 * @param resize how the source frames were resized to the clip's
 */
export function boxMask(frames: readonly FrameBoxes[], drawnOn: Size, clip: Clip, resize: Resize): BoxMask {
  const { height, width } = clip;
  const source = { height: clip.sourceHeight, width: clip.sourceWidth };
  const scaled = resizing(source, clip, resize);
  const rows = centres(height, scaled.top, drawnOn.height / scaled.height);
  const columns = centres(width, scaled.left, drawnOn.width / scaled.width);
  const inside = new Uint8Array(frames.length * height * width);
  const annotated = frames.map((boxes, t) => {
    const frame = inside.subarray(t * height * width, (t + 1) * height * width);
    for (const box of boxes) fill(frame, rows, columns, box);
    return frame.includes(1);
  });
  return { inside, annotated };
}

/** Positions of a side's pixel centres on the frame that the boxes were drawn on. */
function centres(length: number, offset: number, scale: number): Float64Array {
  return Float64Array.from({ length }, (_, i) => (i + 0.5 + offset) * scale);
}

function fill(frame: Uint8Array, rows: Float64Array, columns: Float64Array, box: Box): void {
  const [top, bottom] = span(rows, box.y, box.y + box.height);
  const [left, right] = span(columns, box.x, box.x + box.width);
  for (let y = top; y < bottom; y++) frame.fill(1, y * columns.length + left, y * columns.length + right);
}

/** Index of the first centre in [from, to) and of the first one after it; equal if there is none. */
function span(centre: Float64Array, from: number, to: number): [number, number] {
  const first = centre.findIndex((at) => at >= from);
  if (first < 0) return [0, 0];
  const after = centre.findIndex((at) => at >= to);
  return [first, after < 0 ? centre.length : after];
}
