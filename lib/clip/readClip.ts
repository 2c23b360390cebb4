import { FepError } from '../errors/fepError';
import type { Picture } from '../frames/picture';
import { checkReadCall, type ReadOptions, refuseFramesPattern, throwIfAborted } from '../frames/readOptions';
import { type ModelInput, parseInput } from '../manifest/manifest';
import { defined } from '../options/defined';
import { clipFromNormalized, isNormalized, readArray } from './array';
import { collectFrames } from './collect';
import { normalize } from './normalize';
import { resizeForCrops, resizePicture } from './resize';
import { sourceKind } from './sourceKind';
import type { Clip } from './types';
import { parseViews, type ViewCounts, type Views, viewsIn, viewWarnings } from './views';

/** Which frame range of a source to read as the clip, and how. */
export interface ReadClipOptions extends ReadOptions {
  /** First frame of the range, 0-based, default 0. */
  start?: number;
  /** First frame after the range, default the end of the clip. */
  end?: number;
  /**
   * Several views, as test-time protocols take them: `4` temporal clips, or `'4x3'` with 3 crops of each along the longer
   * side. The clip is then what all of them show together, and `averageViews` makes the model one of such a clip.
   * Default 1, the manifest's own sampling and crop.
   */
  views?: Views | undefined;
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
  const { start, end, views: asked, ...reading } = options;
  const counts = parseViews(asked);
  throwIfAborted(reading.signal);
  if ((await sourceKind(path)) === 'array') {
    const array = await readArray(path);
    refuseFramesPattern(path, reading);
    if (isNormalized(array)) {
      refuseViewsOfArray(path, counts);
      return clipFromNormalized(path, array, parsed);
    }
  }
  const { sampling, frames } = parsed;
  const selection = { sampling, frames, start, end, clips: counts.clips };
  const collected = await collectFrames(path, selection, resizerOf(parsed, counts), reading);
  const { height, width, indices } = collected;
  const views = viewsIn(collected, selection, parsed);
  return {
    data: normalize(collected.data, parsed),
    rgb: collected.data,
    frames: indices.length,
    height,
    width,
    fps: collected.fps,
    sourceFrames: collected.frames,
    indices,
    sourceHeight: collected.sourceHeight,
    sourceWidth: collected.sourceWidth,
    source: path,
    ...(views && { views }),
    ...((start !== undefined || end !== undefined) && { range: defined({ start, end }) }),
    ...(reading.framesPattern !== undefined && { framesPattern: reading.framesPattern }),
    warnings: [...collected.warnings, ...viewWarnings(counts, views)],
  };
}

function resizerOf({ height, width, resize }: ModelInput, { crops }: ViewCounts) {
  if (crops === 1) return (picture: Picture) => resizePicture(picture, height, width, resize);
  return (picture: Picture) => resizeForCrops(picture, { height, width }, resize);
}

function refuseViewsOfArray(path: string, { clips, crops }: ViewCounts): void {
  if (clips * crops === 1) return;
  throw new FepError('FEP_USAGE', `${path} is one input of the model already: several views need a video.`, {
    hint: 'Leave views out, or save the whole video as T×H×W×3 uint8.',
  });
}
