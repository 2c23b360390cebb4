import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { FepError, messageOf } from '../errors/fepError';
import {
  ALPHA_WARNING,
  DEFAULT_FPS,
  type Picture,
  type SourceSummary,
  type TakePicture,
} from '../frames/picture';
import { type ReadOptions, throwIfAborted } from '../frames/readOptions';
import { type Selection, selectFrames, selectionWarnings } from '../frames/sampling';
import { decodeVideo } from '../video/decodeVideo';
import { globExpression } from './glob';
import { type OrderedFrames, orderFrames } from './series';
import { decodeStill } from './stillPicture';

const BY_SHARP = new Set(['.png', '.jpg', '.jpeg', '.jpe', '.webp', '.gif', '.tif', '.tiff', '.avif']);
const BY_FFMPEG = new Set(['.bmp', '.ppm', '.pgm', '.pnm', '.pam', '.tga', '.jp2', '.dpx', '.exr', '.jxl']);

/**
 * Reads the selected pictures of a folder, in the order of their numbers; hidden files, folders and files that are
 * not pictures are skipped.
 *
 * @throws FepError `FEP_CLIP_DECODE` if there is no picture, one cannot be decoded or their sizes differ;
 *   `FEP_USAGE` if the pictures belong to several series, or none matches the pattern
 */
export async function readFolder(
  folder: string,
  selection: Selection,
  take: TakePicture,
  options: ReadOptions,
): Promise<SourceSummary> {
  const { names, warnings } = await findFrames(folder, options.framesPattern);
  const indices = selectFrames(names.length, selection);
  warnings.push(...selectionWarnings(names.length, selection));
  let first: (Picture & { name: string }) | undefined;
  let translucent = false;
  for (const index of new Set(indices)) {
    throwIfAborted(options.signal);
    const name = names[index]!;
    const picture = await decodeFile(join(folder, name), options);
    first ??= { ...picture, name };
    if (picture.height !== first.height || picture.width !== first.width)
      throw differingSizes(first, picture, name);
    translucent ||= picture.translucent;
    await take(picture, index);
  }
  if (translucent) warnings.push(ALPHA_WARNING);
  return { frames: names.length, indices, fps: DEFAULT_FPS, warnings };
}

async function findFrames(folder: string, pattern: string | undefined): Promise<OrderedFrames> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries
    .filter((entry) => !entry.isDirectory() && isPicture(entry.name))
    .map(({ name }) => name);
  if (names.length === 0)
    throw new FepError('FEP_CLIP_DECODE', `The folder ${folder} holds no picture.`, {
      hint: `Frames may be ${[...BY_SHARP, ...BY_FFMPEG].join(', ')}.`,
    });
  if (pattern === undefined) return orderFrames(folder, names);
  const expression = globExpression(pattern);
  const chosen = names.filter((name) => expression.test(name));
  if (chosen.length > 0) return orderFrames(folder, chosen);
  throw new FepError('FEP_USAGE', `None of the ${names.length} pictures in ${folder} matches '${pattern}'.`, {
    hint: `A pattern must match whole names, as 'img_*.jpg' does; one of the pictures is ${names.sort()[0]}.`,
  });
}

/** Whether a file name is that of a picture; hidden files are not. */
export function isPicture(name: string): boolean {
  const extension = extname(name).toLowerCase();
  if (name.startsWith('.')) return false;
  return BY_SHARP.has(extension) || BY_FFMPEG.has(extension);
}

async function decodeFile(path: string, options: ReadOptions): Promise<Picture & { translucent: boolean }> {
  if (BY_FFMPEG.has(extname(path).toLowerCase())) return decodeByFfmpeg(path, options);
  try {
    return await decodeStill(path);
  } catch (error) {
    throw new FepError('FEP_CLIP_DECODE', `The picture ${path} could not be decoded: ${messageOf(error)}`, {
      cause: error,
      hint: 'Replace or remove the picture.',
    });
  }
}

async function decodeByFfmpeg(path: string, options: ReadOptions) {
  const pictures: Picture[] = [];
  const one: Selection = { sampling: { type: 'uniform' }, frames: 1 };
  const { warnings } = await decodeVideo(path, one, (picture) => void pictures.push(picture), options);
  return { ...pictures[0]!, translucent: warnings.includes(ALPHA_WARNING) };
}

function differingSizes(first: Picture & { name: string }, other: Picture, name: string): FepError {
  return new FepError(
    'FEP_CLIP_DECODE',
    `The pictures differ in size: ${first.name} is ${first.width}×${first.height}, ` +
      `${name} is ${other.width}×${other.height}.`,
    { hint: 'Resize all frames of the clip to one size first.' },
  );
}
