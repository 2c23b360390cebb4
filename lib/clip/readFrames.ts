import { checkReadCall, type ReadOptions } from '../frames/readOptions';
import type { Sampling } from '../manifest/manifest';
import { collectFrames } from './collect';
import type { FrameStack } from './types';

/** Which frames of a source to read, and how. */
export interface ReadFramesOptions extends ReadOptions {
  /** Default `uniform`. */
  sampling?: Sampling;
  /** Number of frames to select; all frames of the range if omitted. */
  frames?: number;
  /** First frame of the range, 0-based, default 0. */
  start?: number;
  /** First frame after the range, default the end of the clip. A video is not decoded beyond it. */
  end?: number;
}

/**
 * Reads frames at their original size from a video file (any that FFmpeg can read), a folder of pictures, a GIF or
 * WebP, or a `.npy` of T×H×W×3 bytes.
 *
 * Rotation is applied, transparency is composited over black, pixels are treated as square, and frames are selected
 * by their number. YUV is converted to RGB with the matrix and range of the stream (BT.601 limited if unspecified),
 * as ffmpeg does.
 *
 * @throws FepError `FEP_CLIP_NOT_FOUND`, `FEP_CLIP_DECODE`, `FEP_DECODER_MISSING`, `FEP_SHAPE`, `FEP_USAGE`,
 *   `FEP_ABORTED`
 */
export async function readFrames(path: string, options: ReadFramesOptions = {}): Promise<FrameStack> {
  checkReadCall(path, options);
  const { sampling = { type: 'uniform' }, frames, start, end, ...reading } = options;
  const selection = { sampling, frames, start, end };
  const collected = await collectFrames(path, selection, (picture) => picture, reading);
  return {
    data: collected.data,
    frames: collected.indices.length,
    height: collected.height,
    width: collected.width,
    fps: collected.fps,
    sourceFrames: collected.frames,
    indices: collected.indices,
    sourceHeight: collected.sourceHeight,
    sourceWidth: collected.sourceWidth,
    warnings: collected.warnings,
  };
}
