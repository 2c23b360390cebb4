import { requireInteger, requireObject } from '../arguments';
import { FepError } from '../errors';
import type { Sampling } from '../model/manifest';

/** Which frames of a source are wanted. */
export interface Selection {
  sampling: Sampling;
  /** How many frames; all of the range when left out. */
  frames?: number | undefined;
  /** First frame of the range, 0-based; 0 when left out. */
  start?: number | undefined;
  /** First frame after the range; the end of the source when left out. */
  end?: number | undefined;
}

/** Frames that are chosen, and frames that a video has: a hundred days of it. */
const MOST_CHOSEN = 1_000_000;
const MOST_FRAMES = 2 ** 28;

/** @throws FepError `FEP_USAGE` when a number of the selection makes no sense */
export function checkSelection({ frames, start = 0, end, sampling }: Selection): void {
  requireObject(sampling, 'sampling');
  if (frames !== undefined) requireInteger(frames, 'frames', 1, MOST_CHOSEN);
  requireInteger(start, 'start', 0, MOST_FRAMES);
  if (end !== undefined) requireInteger(end, 'end', start + 1, Number.MAX_SAFE_INTEGER);
  if (sampling.type === 'dense') requireInteger(sampling.stride, 'sampling.stride', 1, MOST_FRAMES);
}

/**
 * The 0-based indices of the wanted frames in a source of `total` frames, ascending. With N frames in the range:
 *
 * - `uniform`: ⌊(2i+1)·N / 2T⌋, the middle of each of T equal segments;
 * - `dense`: s + i·stride with s = ⌊(N − ((T−1)·stride + 1)) / 2⌋.
 *
 * Where the range holds fewer frames than asked, the nearest ones repeat.
 *
 * @throws FepError `FEP_USAGE` when the range starts after the last frame
 */
export function selectFrames(total: number, selection: Selection): number[] {
  const start = selection.start ?? 0;
  const length = Math.min(selection.end ?? total, total) - start;
  if (length < 1)
    throw new FepError('FEP_USAGE', `${TOO_LATE} ${start}, the clip has ${total} frames.`, {
      hint: 'Frames are counted from 0.',
    });
  const wanted = selection.frames ?? length;
  if (selection.frames === undefined) return Array.from({ length }, (_, i) => start + i);
  const within = selection.sampling.type === 'uniform' ? uniform(length, wanted) : dense(length, selection);
  return within.map((index) => start + index);
}

const TOO_LATE = 'The range starts at frame';

/** Whether it is what `selectFrames` throws. */
export function startsTooLate(error: unknown): error is FepError {
  return error instanceof FepError && error.code === 'FEP_USAGE' && error.message.startsWith(TOO_LATE);
}

/** What a person should know about the choice of frames. */
export function selectionWarnings(total: number, selection: Selection): string[] {
  const { start = 0, end, frames, sampling } = selection;
  const length = Math.min(end ?? total, total) - start;
  const warnings: string[] = [];
  if (end !== undefined && end > total)
    warnings.push(`The range ends at frame ${end}, the clip has ${total} frames: it was cut there.`);
  const span = sampling.type === 'dense' && frames ? (frames - 1) * sampling.stride + 1 : (frames ?? 0);
  if (span > length)
    warnings.push(`${span} frames are needed and ${length} are there: the nearest frames were repeated.`);
  return warnings;
}

function uniform(length: number, frames: number): number[] {
  return Array.from({ length: frames }, (_, i) => Math.floor(((2 * i + 1) * length) / (2 * frames)));
}

function dense(length: number, { sampling, frames = 1 }: Selection): number[] {
  const stride = sampling.type === 'dense' ? sampling.stride : 1;
  const first = Math.floor((length - ((frames - 1) * stride + 1)) / 2);
  return Array.from({ length: frames }, (_, i) => Math.min(Math.max(first + i * stride, 0), length - 1));
}
