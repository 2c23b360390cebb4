import { FepError } from '../errors/fepError';
import type { Picture, SourceSummary } from '../frames/picture';
import { type ReadOptions, refuseFramesPattern, throwIfAborted } from '../frames/readOptions';
import { checkSelection, type Selection } from '../frames/sampling';
import { decodeVideo } from '../video/decodeVideo';
import { readAnimation } from './animation';
import { readArray, readArrayFrames } from './array';
import { readFolder } from './folder';
import { sourceKind } from './sourceKind';

/** The selected frames in one array, and their source. */
export interface Collected extends SourceSummary {
  /** T×H×W×3. */
  data: Uint8Array;
  height: number;
  width: number;
  /** Size of the source frames before `prepare`. */
  sourceHeight: number;
  sourceWidth: number;
}

/** 4 GiB: more does not fit into an array and is a mistake. */
const MAX_BYTES = 2 ** 32;

/**
 * Reads the selected frames of any source. `prepare` is applied to each frame as it arrives, so that full-size
 * frames do not accumulate in memory.
 */
export async function collectFrames(
  path: string,
  selection: Selection,
  prepare: (picture: Picture) => Picture,
  options: ReadOptions,
): Promise<Collected> {
  checkSelection(selection);
  throwIfAborted(options.signal);
  const prepared = new Map<number, Picture>();
  let source: Picture | undefined;
  let bytes = 0;
  const take = (picture: Picture, index: number) => {
    source ??= picture;
    const ready = prepare(picture);
    bytes += ready.data.length;
    if (bytes > MAX_BYTES) throw tooLarge(path);
    prepared.set(index, ready);
  };
  const summary = await readSource(path, selection, take, options);
  throwIfAborted(options.signal);
  const { height, width } = source!;
  return { ...summary, ...stack(path, summary.indices, prepared), sourceHeight: height, sourceWidth: width };
}

async function readSource(
  path: string,
  selection: Selection,
  take: (picture: Picture, index: number) => void,
  options: ReadOptions,
): Promise<SourceSummary> {
  const kind = await sourceKind(path);
  if (kind === 'folder') return readFolder(path, selection, take, options);
  refuseFramesPattern(path, options);
  if (kind === 'animation') return readAnimation(path, selection, take, options);
  if (kind === 'array') return readArrayFrames(path, await readArray(path), selection, take);
  return decodeVideo(path, selection, take, options);
}

function stack(path: string, indices: number[], pictures: Map<number, Picture>) {
  const { height, width } = pictures.get(indices[0]!)!;
  const size = height * width * 3;
  if (size * indices.length > MAX_BYTES) throw tooLarge(path);
  const data = new Uint8Array(size * indices.length);
  indices.forEach((index, t) => {
    data.set(pictures.get(index)!.data, t * size);
  });
  return { data, height, width };
}

function tooLarge(path: string): FepError {
  return new FepError('FEP_SHAPE', `The frames requested from ${path} need more than 4 GiB.`, {
    hint: 'Request fewer frames, or read the clip at the size of a model.',
  });
}
