import type { Picture } from '../frames/picture';

/** Warning for a display matrix that is not a multiple of a quarter turn. */
export const SKEWED_WARNING = 'The video is to be turned by an odd angle: it was left as stored.';

/** How to turn a stored frame upright: first transpose, then mirror. */
export interface Orientation {
  transpose: boolean;
  mirrorX: boolean;
  mirrorY: boolean;
}

const UPRIGHT: Orientation = { transpose: false, mirrorX: false, mirrorY: false };

/**
 * Parses the display matrix of a container: nine little-endian int32, where x' = a·x + c·y and y' = b·x + d·y with
 * a, b at 0, 1 and c, d at 3, 4.
 *
 * @returns undefined if it is not a multiple of a quarter turn, with or without mirroring
 */
export function orientationOf(displayMatrix: Uint8Array | null): Orientation | undefined {
  if (!displayMatrix || displayMatrix.length < 36) return UPRIGHT;
  const view = new DataView(displayMatrix.buffer, displayMatrix.byteOffset, displayMatrix.byteLength);
  const [a, b, c, d] = [0, 1, 3, 4].map((i) => view.getInt32(i * 4, true)) as [
    number,
    number,
    number,
    number,
  ];
  const straight = Math.min(Math.abs(a), Math.abs(d));
  const crossed = Math.min(Math.abs(b), Math.abs(c));
  const tolerance = 0.02;
  if (straight > 0 && Math.max(Math.abs(b), Math.abs(c)) < tolerance * straight)
    return { transpose: false, mirrorX: a < 0, mirrorY: d < 0 };
  if (crossed > 0 && Math.max(Math.abs(a), Math.abs(d)) < tolerance * crossed)
    return { transpose: true, mirrorX: c < 0, mirrorY: b < 0 };
  return undefined;
}

/** Transposes and mirrors a picture. */
export function orient(picture: Picture, { transpose, mirrorX, mirrorY }: Orientation): Picture {
  if (!transpose && !mirrorX && !mirrorY) return picture;
  const [height, width] = transpose ? [picture.width, picture.height] : [picture.height, picture.width];
  const [stepX, stepY] = transpose ? [picture.width * 3, 3] : [3, picture.width * 3];
  const data = new Uint8Array(picture.data.length);
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < width; x++, to += 3) {
      const from = (mirrorX ? width - 1 - x : x) * stepX + (mirrorY ? height - 1 - y : y) * stepY;
      data[to] = picture.data[from]!;
      data[to + 1] = picture.data[from + 1]!;
      data[to + 2] = picture.data[from + 2]!;
    }
  return { data, height, width };
}
