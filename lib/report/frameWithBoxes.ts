import { scalePicture } from '../clip/resize';
import type { BoxMask } from '../datasets/types';
import type { Picture } from '../frames/picture';
import type { Rgb } from './canvas';

/** Colours of the outline, one pixel each from the border inwards: bright beside dark, to stand out on any picture. */
const OUTLINE: readonly Rgb[] = [
  [255, 176, 0],
  [255, 176, 0],
  [20, 20, 20],
];

/** A clip's frames and its boxes. */
export interface BoxedClip {
  height: number;
  width: number;
  /** T×H×W×3. */
  rgb: Uint8Array;
  boxes: BoxMask | null;
}

/** Frame t of a clip, scaled, with the outline of its boxes. */
export function frameWithBoxes(clip: BoxedClip, t: number, height: number, width: number): Picture {
  const pixels = clip.height * clip.width;
  const frame = { ...clip, data: clip.rgb.subarray(t * pixels * 3, (t + 1) * pixels * 3) };
  return outlineBoxes(scalePicture(frame, height, width), clip, t);
}

/** Draws the outline of the clip's boxes over a picture of frame t, whatever its size. */
export function outlineBoxes(
  picture: Picture,
  clip: Pick<BoxedClip, 'height' | 'width' | 'boxes'>,
  t: number,
): Picture {
  const { height, width } = picture;
  const pixels = clip.height * clip.width;
  const inside = clip.boxes?.inside.subarray(t * pixels, (t + 1) * pixels);
  if (!inside?.includes(1)) return picture;
  const data = picture.data.slice();
  const isInside = (y: number, x: number) => {
    const row = Math.floor(((y + 0.5) * clip.height) / height);
    const column = Math.floor(((x + 0.5) * clip.width) / width);
    return y >= 0 && x >= 0 && y < height && x < width && inside[row * clip.width + column] === 1;
  };
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const depth = isInside(y, x) ? depthOf(isInside, y, x) : OUTLINE.length;
      if (depth < OUTLINE.length) data.set(OUTLINE[depth]!, (y * width + x) * 3);
    }
  return { data, height, width };
}

/** Number of pixels between a pixel inside and the nearest one outside, at most the outline's width. */
function depthOf(isInside: (y: number, x: number) => boolean, y: number, x: number): number {
  for (let reach = 1; reach <= OUTLINE.length; reach++)
    for (const step of [-reach, reach]) {
      const corners = isInside(y + step, x + step) && isInside(y + step, x - step);
      if (!corners || !isInside(y + step, x) || !isInside(y, x + step)) return reach - 1;
    }
  return OUTLINE.length;
}
