import type { SampleOrigin } from './origin';

/** Decoded pictures, independent of any model. */
export interface FrameStack {
  /** T×H×W×3, RGB, one byte per channel. */
  data: Uint8Array;
  frames: number;
  height: number;
  width: number;
  /** Frames per second of the source; 25 if the source has no rate. */
  fps: number;
  /** Number of frames in the whole source. */
  sourceFrames: number;
  /** For each frame, its 0-based index in the source. */
  indices: number[];
  /** Original frame size in pixels, after rotation. */
  sourceHeight: number;
  sourceWidth: number;
  warnings: string[];
}

/** A model's input, and the same frames for display. */
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
  /** Original frame size in pixels, after rotation. */
  sourceHeight: number;
  sourceWidth: number;
  /** The file or folder it was read from. */
  source: string;
  /** The frame range that was read, if one was given. */
  range?: { start?: number; end?: number };
  /** The pattern that selected the pictures of a folder, if one was given. */
  framesPattern?: string;
  /** The data set sample that it was read from, if any. */
  sample?: SampleOrigin;
  warnings: string[];
}
