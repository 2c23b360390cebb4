import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { FepError, messageOf } from '../errors';
import { decodeVideo } from '../video/decodeVideo';
import { type ReadOptions, throwIfAborted } from './options';
import { ALPHA_WARNING, DEFAULT_FPS, type Picture, type SourceSummary, type TakePicture } from './picture';
import { type Selection, selectFrames, selectionWarnings } from './sampling';
import { decodeStill } from './stillPicture';

const BY_SHARP = new Set(['.png', '.jpg', '.jpeg', '.jpe', '.webp', '.gif', '.tif', '.tiff', '.avif']);
const BY_FFMPEG = new Set(['.bmp', '.ppm', '.pgm', '.pnm', '.pam', '.tga', '.jp2', '.dpx', '.exr', '.jxl']);

/** Numbers within names sort by value: `img2` before `img10`. */
const collator = new Intl.Collator('en', { numeric: true });

/**
 * Reads the wanted pictures of a folder, in natural order of their names; hidden files, folders and files that
 * are not pictures are passed over.
 *
 * @throws FepError `FEP_CLIP_DECODE` when there is no picture, one cannot be decoded or their sizes differ
 */
export async function readFolder(
  folder: string,
  selection: Selection,
  take: TakePicture,
  options: ReadOptions,
): Promise<SourceSummary> {
  const names = await pictureNames(folder);
  const indices = selectFrames(names.length, selection);
  const warnings = selectionWarnings(names.length, selection);
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

async function pictureNames(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries
    .filter((entry) => !entry.isDirectory() && isPicture(entry.name))
    .map((entry) => entry.name)
    .sort((a, b) => collator.compare(a, b) || (a < b ? -1 : 1));
  if (names.length > 0) return names;
  throw new FepError('FEP_CLIP_DECODE', `The folder ${folder} holds no picture.`, {
    hint: `Frames may be ${[...BY_SHARP, ...BY_FFMPEG].join(', ')}.`,
  });
}

/** Whether a file's name is one of a frame; hidden files are none. */
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
    { hint: 'Bring all frames of a clip to one size first.' },
  );
}
