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

/** A window of a clip that a model takes as its input. */
export interface View {
  /** The places of its frames in the clip. */
  frames: number[];
  /** Where its rectangle begins, in pixels of the clip. */
  top: number;
  left: number;
}

/** The views of a clip, over which a model's answer is averaged: `clips` × `crops` windows of height × width. */
export interface ClipViews {
  clips: number;
  crops: number;
  height: number;
  width: number;
  windows: View[];
}

/** A model's input, and the same frames for display; or with `views` what several inputs are windows of. */
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
  /** The views that it was read for, if several were asked for (`averageViews`). */
  views?: ClipViews;
  /** The frame range that was read, if one was given. */
  range?: { start?: number; end?: number };
  /** The pattern that selected the pictures of a folder, if one was given. */
  framesPattern?: string;
  /** The data set sample that it was read from, if any. */
  sample?: SampleOrigin;
  warnings: string[];
}
