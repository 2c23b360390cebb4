import sharp from 'sharp';
import { FepError, messageOf } from '../errors/fepError';
import { ALPHA_WARNING, DEFAULT_FPS, type SourceSummary, type TakePicture } from '../frames/picture';
import { type ReadOptions, throwIfAborted } from '../frames/readOptions';
import { type Selection, selectFrames, selectionWarnings } from '../frames/sampling';
import { decodeStill } from './stillPicture';

/**
 * Reads the selected frames of a GIF or WebP, animated or not. From a damaged file, the frames before the damage
 * are read, with a warning.
 *
 * @throws FepError `FEP_CLIP_DECODE`
 */
export async function readAnimation(
  path: string,
  selection: Selection,
  take: TakePicture,
  { signal }: ReadOptions,
): Promise<SourceSummary> {
  const { pages, delays } = await describe(path);
  const warnings = timingWarnings(delays);
  let total = pages;
  let translucent = false;
  for (;;) {
    const indices = selectFrames(total, selection);
    const result = await readPages(path, new Set(indices), take, signal);
    translucent ||= result.translucent;
    if (result.broken === undefined) {
      warnings.push(...selectionWarnings(total, selection), ...(translucent ? [ALPHA_WARNING] : []));
      if (total < pages) warnings.push(`The file is damaged: ${total} of ${pages} frames could be decoded.`);
      return { frames: total, indices, fps: fpsOf(delays), warnings };
    }
    if (result.broken.page === 0) throw undecodable(path, result.broken.error);
    total = result.broken.page;
  }
}

interface Pages {
  translucent: boolean;
  /** The first page that could not be decoded. */
  broken?: { page: number; error: unknown };
}

async function readPages(
  path: string,
  pages: Set<number>,
  take: TakePicture,
  signal: AbortSignal | undefined,
): Promise<Pages> {
  let translucent = false;
  for (const page of pages) {
    throwIfAborted(signal);
    const picture = await decodeStill(path, page).catch((error: unknown) => ({ error }));
    if ('error' in picture) return { translucent, broken: { page, error: picture.error } };
    translucent ||= picture.translucent;
    await take(picture, page);
  }
  return { translucent };
}

async function describe(path: string): Promise<{ pages: number; delays: number[] }> {
  const metadata = await sharp(path)
    .metadata()
    .catch((error: unknown) => {
      throw undecodable(path, error);
    });
  return { pages: metadata.pages ?? 1, delays: metadata.delay ?? [] };
}

/** Mean frame rate; a delay of 0 counts as the 100 ms that browsers use for it. */
function fpsOf(delays: number[]): number {
  if (delays.length < 2) return DEFAULT_FPS;
  const milliseconds = delays.reduce((sum, delay) => sum + (delay || 100), 0);
  return (1000 * delays.length) / milliseconds;
}

function timingWarnings(delays: number[]): string[] {
  const shown = delays.slice(0, -1);
  return new Set(shown).size > 1
    ? ['The frame rate varies: frames were chosen by their number, not by their time.']
    : [];
}

function undecodable(path: string, error: unknown): FepError {
  return new FepError('FEP_CLIP_DECODE', `${path} could not be decoded: ${messageOf(error)}`, {
    cause: error,
  });
}
