import { checkReadCall, type ReadOptions, refuseFramesPattern, throwIfAborted } from '../frames/readOptions';
import { type ModelInput, parseInput } from '../manifest/manifest';
import { defined } from '../options/defined';
import { clipFromNormalized, isNormalized, readArray } from './array';
import { collectFrames } from './collect';
import { normalize } from './normalize';
import { resizePicture } from './resize';
import { sourceKind } from './sourceKind';
import type { Clip } from './types';

/** Which part of a source becomes the clip, and how it is read. */
export interface ReadClipOptions extends ReadOptions {
  /** First frame of the part to look at, 0-based, default 0. */
  start?: number;
  /** First frame after that part, default the end of the clip. */
  end?: number;
}

/**
 * Reads a clip as a model wants it: frames chosen, scaled and normalised by the manifest's input.
 *
 * Takes what `readFrames` takes, and a `.npy` of C×T×H×W floats that is normalised already.
 *
 * @throws FepError as `readFrames`; `FEP_SHAPE` names both shapes when a normalised array does not fit the model
 */
export async function readClip(
  path: string,
  input: ModelInput,
  options: ReadClipOptions = {},
): Promise<Clip> {
  checkReadCall(path, options);
  const wanted = parseInput(input);
  const { start, end, ...reading } = options;
  throwIfAborted(reading.signal);
  if ((await sourceKind(path)) === 'array') {
    const array = await readArray(path);
    refuseFramesPattern(path, reading);
    if (isNormalized(array)) return clipFromNormalized(path, array, wanted);
  }
  const { sampling, frames, height, width } = wanted;
  const collected = await collectFrames(
    path,
    { sampling, frames, start, end },
    (picture) => resizePicture(picture, height, width, wanted.resize),
    reading,
  );
  return {
    data: normalize(collected.data, wanted),
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
