import type { SampleOrigin } from './origin';

/** Decoded pictures, before any model has had its say. */
export interface FrameStack {
  /** T×H×W×3, RGB, one byte per channel. */
  data: Uint8Array;
  frames: number;
  height: number;
  width: number;
  /** Frames per second of the source; a guess of 25 where the source has none. */
  fps: number;
  /** Number of frames in the whole source. */
  sourceFrames: number;
  /** For each frame, its 0-based index in the source. */
  indices: number[];
  /** The source's own size in pixels, after rotation. */
  sourceHeight: number;
  sourceWidth: number;
  warnings: string[];
}

/** What a model is given, and the same frames for people to look at. */
export interface Clip {
  /** C×T×H×W float32, normalised as the model's manifest says, in the model's channel order. */
  data: Float32Array;
  /** T×H×W×3 RGB bytes of the same frames at the same size. */
  rgb: Uint8Array;
  frames: number;
  height: number;
  width: number;
  fps: number;
  sourceFrames: number;
  indices: number[];
  /** The source's own size in pixels, after rotation. */
  sourceHeight: number;
  sourceWidth: number;
  /** The file or folder it came from. */
  source: string;
  /** The part of it that was looked at, where one was named. */
  range?: { start?: number; end?: number };
  /** The names that were chosen among a folder's pictures, where a pattern was given. */
  framesPattern?: string;
  /** The data set's sample that it is, where it was read as one. */
  sample?: SampleOrigin;
  warnings: string[];
}
