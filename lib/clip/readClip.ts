import { checkReadCall, type ReadOptions, refuseFramesPattern, throwIfAborted } from '../frames/readOptions';
import { type ModelInput, parseInput } from '../manifest/manifest';
import { defined } from '../options/defined';
import { clipFromNormalized, isNormalized, readArray } from './array';
import { collectFrames } from './collect';
import { normalize } from './normalize';
import { resizePicture } from './resize';
import { sourceKind } from './sourceKind';
import type { Clip } from './types';

/** Which frame range of a source to read as the clip, and how. */
export interface ReadClipOptions extends ReadOptions {
  /** First frame of the range, 0-based, default 0. */
  start?: number;
  /** First frame after the range, default the end of the clip. */
  end?: number;
}

/**
 * Reads a clip as a model's input: frames are selected, resized and normalised according to the manifest.
 *
 * Accepts what `readFrames` accepts, and a `.npy` of C×T×H×W floats that is already normalised.
 *
 * @throws FepError as `readFrames`; `FEP_SHAPE` with both shapes if a normalised array does not fit the model
 */
export async function readClip(
  path: string,
  input: ModelInput,
  options: ReadClipOptions = {},
): Promise<Clip> {
  checkReadCall(path, options);
  const parsed = parseInput(input);
  const { start, end, ...reading } = options;
  throwIfAborted(reading.signal);
  if ((await sourceKind(path)) === 'array') {
    const array = await readArray(path);
    refuseFramesPattern(path, reading);
    if (isNormalized(array)) return clipFromNormalized(path, array, parsed);
  }
  const { sampling, frames, height, width } = parsed;
  const collected = await collectFrames(
    path,
    { sampling, frames, start, end },
    (picture) => resizePicture(picture, height, width, parsed.resize),
    reading,
  );
  return {
    data: normalize(collected.data, parsed),
    rgb: collected.data,
    frames,
    height,
    width,
    fps: collected.fps,
    sourceFrames: collected.frames,
    indices: collected.indices,
    sourceHeight: collected.sourceHeight,
    sourceWidth: collected.sourceWidth,
    source: path,
    ...((start !== undefined || end !== undefined) && { range: defined({ start, end }) }),
    ...(reading.framesPattern !== undefined && { framesPattern: reading.framesPattern }),
    warnings: collected.warnings,
  };
}
