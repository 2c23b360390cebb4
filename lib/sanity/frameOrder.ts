import type { Clip } from '../clip/types';
import { Random } from '../numbers/random';

/** Ways to take a clip's motion away and leave its pictures, or the picture in its middle. */
export const FRAME_ORDERS = ['shuffled', 'reversed', 'frozen'] as const;
/** What was done to the order of frames. */
export type FrameOrder = (typeof FRAME_ORDERS)[number];

/** For each frame of the new clip, the frame of the old one that it shows. */
export function frameOrder(order: FrameOrder, frames: number, seed: number): Uint32Array {
  const sources = Uint32Array.from({ length: frames }, (_, t) => t);
  if (order === 'reversed') return sources.reverse();
  if (order === 'frozen') return sources.fill(Math.floor(frames / 2));
  new Random(seed, frames).shuffle(sources);
  return sources;
}

/** The clip with its frames in another order. */
export function reorderClip(clip: Clip, sources: Uint32Array): Clip {
  const plane = clip.height * clip.width;
  const data = new Float32Array(clip.data.length);
  for (let c = 0; c < 3; c++) {
    const from = c * clip.frames;
    sources.forEach((source, t) => {
      data.set(clip.data.subarray((from + source) * plane, (from + source + 1) * plane), (from + t) * plane);
    });
  }
  return { ...clip, data };
}

/**
 * A map of the reordered clip, T×H×W, on the frames of the original one, so that the two can be compared. Of frozen
 * frames, which all show one, each keeps its place.
 */
export function restoreMap(map: Float32Array, order: FrameOrder, sources: Uint32Array): Float32Array {
  if (order === 'frozen') return map;
  const plane = map.length / sources.length;
  const restored = new Float32Array(map.length);
  sources.forEach((source, t) => {
    restored.set(map.subarray(t * plane, (t + 1) * plane), source * plane);
  });
  return restored;
}
