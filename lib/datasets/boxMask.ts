import { resizing, type Size } from '../clip/resize';
import type { Clip } from '../clip/types';
import type { Resize } from '../manifest/manifest';
import type { Box } from './synthetic';
import type { BoxMask } from './types';

/** The boxes of one frame; none where nobody drew any. */
export type FrameBoxes = readonly Box[];

/**
 * Boxes on a clip's own pixels: a pixel is inside when its centre, taken back through the model's scaling and
 * crop, lies in any of its frame's boxes (left and top edges included, right and bottom ones not).
 *
 * A frame whose boxes hold no pixel's centre (cropped away, or smaller than a pixel) counts as one without
 * annotation: nothing of the object can be found there.
 *
 * @param frames the boxes of each of the clip's T frames, in pixels of `drawnOn`
 * @param drawnOn the size of the frames that the boxes were drawn on: the whole source frame is stretched to it
 * @param resize how the source's frames became the clip's
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

/** Where the centres of a side's pixels lie on the frame that the boxes were drawn on. */
function centres(length: number, offset: number, scale: number): Float64Array {
  return Float64Array.from({ length }, (_, i) => (i + 0.5 + offset) * scale);
}

function fill(frame: Uint8Array, rows: Float64Array, columns: Float64Array, box: Box): void {
  const [top, bottom] = span(rows, box.y, box.y + box.height);
  const [left, right] = span(columns, box.x, box.x + box.width);
  for (let y = top; y < bottom; y++) frame.fill(1, y * columns.length + left, y * columns.length + right);
}

/** First centre in [from, to), and the first after it; equal when there is none. */
function span(centre: Float64Array, from: number, to: number): [number, number] {
  const first = centre.findIndex((at) => at >= from);
  if (first < 0) return [0, 0];
  const after = centre.findIndex((at) => at >= to);
  return [first, after < 0 ? centre.length : after];
}
