/** A rectangle of whole pixels: columns x … x + width − 1, rows y … y + height − 1. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * The smallest box that contains every set pixel of a frame's mask; null if none is set.
 *
 * @param mask height×width, 0 or 1
 */
export function tightBox(mask: Uint8Array, height: number, width: number): Box | null {
  let left = width;
  let right = -1;
  let top = height;
  let bottom = -1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (mask[y * width + x] === 0) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  return right < 0 ? null : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}
