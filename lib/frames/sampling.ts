import { FepError } from '../errors/fepError';
import { type Sampling, samplingSchema } from '../manifest/manifest';
import { requireInteger, requireObject, shown } from '../options/requireArguments';

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

type Uniform = Extract<Sampling, { type: 'uniform' }>;
type Dense = Extract<Sampling, { type: 'dense' }>;

/** Frames that are chosen, and frames that a video has: a hundred days of it. */
const MOST_CHOSEN = 1_000_000;
const MOST_FRAMES = 2 ** 28;

/** @throws FepError `FEP_USAGE` when a number of the selection makes no sense */
export function checkSelection({ frames, start = 0, end, sampling }: Selection): void {
  requireObject(sampling, 'sampling');
  if (frames !== undefined) requireInteger(frames, 'frames', 1, MOST_CHOSEN);
  requireInteger(start, 'start', 0, MOST_FRAMES);
  if (end !== undefined) requireInteger(end, 'end', start + 1, Number.MAX_SAFE_INTEGER);
  if (sampling.type === 'dense') requireInteger(sampling.stride ?? 1, 'sampling.stride', 1, MOST_FRAMES);
  checkSampling(sampling);
}

function checkSampling(sampling: Sampling): void {
  if (samplingSchema.safeParse(sampling).success) return;
  const { type, offset } = sampling;
  throw new FepError(
    'FEP_USAGE',
    `There is no sampling of type ${shown(type)} with offset ${shown(offset)}.`,
    {
      hint: 'Types are uniform (offset start, middle, end or step) and dense (stride; offset start, middle or end).',
    },
  );
}

/**
 * The 0-based indices of the wanted frames in a source of `total` frames, ascending. With N frames in the range:
 *
 * - `uniform`, of each of T equal segments, which begin at ⌊i·N / T⌋: that frame (`start`), ⌊(2i+1)·N / 2T⌋ (`middle`)
 *   or the last before the next segment (`end`); with `step` i·max(⌊N/T⌋, 1), without segments;
 * - `dense`: s + i·stride, with s = 0 (`start`), ⌊(N − ((T−1)·stride + 1)) / 2⌋ (`middle`), or so that the last frame is
 *   the clip's last (`end`).
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
  const { sampling } = selection;
  const at =
    sampling.type === 'uniform' ? uniform(length, wanted, sampling) : dense(length, wanted, sampling);
  return Array.from({ length: wanted }, (_, i) => start + Math.min(Math.max(at(i), 0), length - 1));
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
  const span = sampling.type === 'dense' && frames ? spanOf(frames, sampling) : (frames ?? 0);
  if (span > length)
    warnings.push(`${span} frames are needed and ${length} are there: the nearest frames were repeated.`);
  return warnings;
}

/** Which frame of the range is the i-th; it may lie outside, where the nearest one is taken. */
type Rule = (i: number) => number;

function uniform(length: number, frames: number, { offset = 'middle' }: Uniform): Rule {
  const begin = (i: number) => Math.floor((i * length) / frames);
  switch (offset) {
    case 'start':
      return begin;
    case 'middle':
      return (i) => Math.floor(((2 * i + 1) * length) / (2 * frames));
    case 'end': // a segment of less than a frame has that one
      return (i) => Math.max(begin(i + 1) - 1, begin(i));
    case 'step':
      return (i) => i * Math.max(Math.floor(length / frames), 1);
  }
}

function dense(length: number, frames: number, sampling: Dense): Rule {
  const { stride = 1, offset = 'middle' } = sampling;
  const left = length - spanOf(frames, sampling);
  const first = { start: 0, middle: Math.floor(left / 2), end: left }[offset];
  return (i) => first + i * stride;
}

/** From the first to the last of so many frames. */
function spanOf(frames: number, { stride = 1 }: Dense): number {
  return (frames - 1) * stride + 1;
}
