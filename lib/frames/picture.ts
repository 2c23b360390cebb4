/** One decoded frame. */
export interface Picture {
  /** H×W×3, RGB, one byte per channel. */
  data: Uint8Array;
  height: number;
  width: number;
}

/** Receives the picture of a source frame; the source waits for the promise if it is too far ahead. */
export type TakePicture = (picture: Picture, index: number) => void | Promise<void>;

/** What is known about a source after reading its frames. */
export interface SourceSummary {
  /** Number of frames in the whole source. */
  frames: number;
  /** Selected indices, ascending, with repeats. */
  indices: number[];
  fps: number;
  warnings: string[];
}

/** Frames per second of a source that does not specify its rate. */
export const DEFAULT_FPS = 25;

/** Composites RGBA over black: H×W×4 to H×W×3. `translucent`: whether any pixel was not opaque. */
export function overBlack(rgba: Uint8Array, pixels: number): { data: Uint8Array; translucent: boolean } {
  const data = new Uint8Array(pixels * 3);
  let translucent = false;
  for (let i = 0, from = 0, to = 0; i < pixels; i++, from += 4, to += 3) {
    const alpha = rgba[from + 3]!;
    if (alpha !== 255) translucent = true;
    for (let c = 0; c < 3; c++) data[to + c] = Math.round((rgba[from + c]! * alpha) / 255);
  }
  return { data, translucent };
}

/** Warning for a clip with transparent pixels. */
export const ALPHA_WARNING = 'The clip has transparent pixels: they were laid over black.';
