/**
 * A mask: of each frame its H×W bytes, 255 where it keeps. A frame is replaced and never changed, so that all that can be undone
 * shares what is alike.
 */
export type MaskFrames = readonly Uint8Array[];

/** @param bytes T×H×W */
export function framesIn(bytes: Uint8Array, frames: number): MaskFrames {
  const size = bytes.length / frames;
  return Array.from({ length: frames }, (_, t) => bytes.slice(t * size, (t + 1) * size));
}

/** T×H×W. */
export function bytesOf(mask: MaskFrames): Uint8Array<ArrayBuffer> {
  const size = mask[0]!.length;
  const bytes = new Uint8Array(mask.length * size);
  for (const [t, frame] of mask.entries()) bytes.set(frame, t * size);
  return bytes;
}

/** The same everywhere. */
export function filled(like: MaskFrames, value: number): MaskFrames {
  const frame = new Uint8Array(like[0]!.length).fill(value);
  return like.map(() => frame);
}

/** What was kept is removed. */
export function inverted(mask: MaskFrames): MaskFrames {
  return mask.map((frame) => frame.map((value) => 255 - value));
}

/** The share that is kept, in [0, 1]. */
export function meanOf(mask: MaskFrames): number {
  let sum = 0;
  for (const frame of mask) for (const value of frame) sum += value;
  return sum / (255 * mask.length * mask[0]!.length);
}
