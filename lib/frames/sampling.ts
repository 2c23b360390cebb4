import { FepError } from '../errors/fepError';
import { type Sampling, samplingSchema } from '../manifest/manifest';
import { requireInteger, requireObject, shown } from '../options/requireArguments';

/** Which frames of a source to read. */
export interface Selection {
  sampling: Sampling;
  /** Number of frames; all of the range if omitted. */
  frames?: number | undefined;
  /** Clips of that many frames to spread over the range; default 1. */
  clips?: number | undefined;
  /** First frame of the range, 0-based; default 0. */
  start?: number | undefined;
  /** First frame after the range; default the end of the source. */
  end?: number | undefined;
}

type Uniform = Extract<Sampling, { type: 'uniform' }>;
type Dense = Extract<Sampling, { type: 'dense' }>;

/** Largest number of frames to read. */
const MOST_CHOSEN = 1_000_000;
/** Largest number of frames in a source: more than a hundred days of video. */
const MOST_FRAMES = 2 ** 28;

/** @throws FepError `FEP_USAGE` if a number of the selection is out of range */
export function checkSelection({ frames, clips = 1, start = 0, end, sampling }: Selection): void {
  requireObject(sampling, 'sampling');
  if (frames !== undefined) requireInteger(frames, 'frames', 1, MOST_CHOSEN);
  requireInteger(start, 'start', 0, MOST_FRAMES);
  if (end !== undefined) requireInteger(end, 'end', start + 1, Number.MAX_SAFE_INTEGER);
  if (sampling.type === 'dense') requireInteger(sampling.stride ?? 1, 'sampling.stride', 1, MOST_FRAMES);
  checkSampling(sampling);
  if (clips > 1) refuseSteps(sampling);
}

/** Steps leave out the end of a video and have no segments in which several clips could differ. */
function refuseSteps({ type, offset }: Sampling): void {
  if (type !== 'uniform' || offset !== 'step') return;
  throw new FepError('FEP_USAGE', 'Several clips cannot be spread over a video by sampling uniform:step.', {
    hint: 'Choose uniform or dense sampling, or one clip: --sampling uniform, or --views 1 (1x3).',
  });
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
 * The 0-based indices of the selected frames in a source of `total` frames, ascending. With T frames out of the N
 * of the range:
 *
 * - `uniform` divides the range into T equal segments that begin at ⌊i·N / T⌋ and takes from each its first frame
 *   (`start`), ⌊(2i+1)·N / 2T⌋ (`middle`) or its last frame (`end`); with `step`, it takes frame i·max(⌊N/T⌋, 1)
 *   instead;
 * - `dense`: s + i·stride, with s = 0 (`start`), ⌊(N − ((T−1)·stride + 1)) / 2⌋ (`middle`), or such that the last
 *   frame is that of the range (`end`).
 *
 * If the range has fewer frames than requested, the nearest ones are repeated. Of several clips, each frame that any of
 * them shows, once (see `clipsOf`).
 *
 * @throws FepError `FEP_USAGE` if the range starts after the last frame
 */
export function selectFrames(total: number, selection: Selection): number[] {
  const clips = clipsOf(total, selection);
  return clips.length === 1 ? clips[0]! : [...new Set(clips.flat())].sort((a, b) => a - b);
}

/**
 * The frames of each clip. Of n clips, clip k
 *
 * - of `uniform` takes from each segment the frame at (2k+1)/2n of its length, as `middle` does with n = 1;
 * - of `dense` begins at frame k·(N − ((T−1)·stride + 1)) / (n−1), rounded, halves to even: from the first place to the
 *   last, as MMAction2 does it.
 *
 * There are as many as can all differ, at most as many as requested; one alone lies where the sampling puts it.
 */
export function clipsOf(total: number, selection: Selection): number[][] {
  const start = selection.start ?? 0;
  const length = Math.min(selection.end ?? total, total) - start;
  if (length < 1)
    throw new FepError('FEP_USAGE', `${TOO_LATE} ${start}, the clip has ${total} frames.`, {
      hint: 'Frames are counted from 0.',
    });
  const wanted = selection.frames ?? length;
  if (selection.frames === undefined) return [Array.from({ length }, (_, i) => start + i)];
  return rulesOf(length, wanted, selection).map((at) =>
    Array.from({ length: wanted }, (_, i) => start + Math.min(Math.max(at(i), 0), length - 1)),
  );
}

const TOO_LATE = 'The range starts at frame';

/** Whether the error is the range error of `selectFrames`. */
export function startsTooLate(error: unknown): error is FepError {
  return error instanceof FepError && error.code === 'FEP_USAGE' && error.message.startsWith(TOO_LATE);
}

/** Warnings about a selection: a range beyond the end, or repeated frames. */
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

/**
 * Position in the range of the i-th selected frame. It may lie outside the range; the nearest frame is then used.
 */
type Rule = (i: number) => number;

/** One of each clip. */
function rulesOf(length: number, frames: number, { sampling, clips = 1 }: Selection): Rule[] {
  if (sampling.type === 'uniform') {
    const n = Math.min(clips, Math.max(Math.floor(length / frames), 1));
    return n === 1 ? [uniform(length, frames, sampling)] : spreadUniform(length, frames, n);
  }
  const n = Math.min(clips, Math.max(length - spanOf(frames, sampling), 0) + 1);
  return n === 1 ? [dense(length, frames, sampling)] : spreadDense(length, frames, sampling, n);
}

function spreadUniform(length: number, frames: number, n: number): Rule[] {
  return Array.from(
    { length: n },
    (_, k) => (i: number) => Math.floor(((2 * n * i + 2 * k + 1) * length) / (2 * n * frames)),
  );
}

function spreadDense(length: number, frames: number, sampling: Dense, n: number): Rule[] {
  const { stride = 1 } = sampling;
  const left = length - spanOf(frames, sampling);
  return Array.from({ length: n }, (_, k) => {
    const first = roundHalfToEven(k * (left / (n - 1)));
    return (i: number) => first + i * stride;
  });
}

function uniform(length: number, frames: number, { offset = 'middle' }: Uniform): Rule {
  const begin = (i: number) => Math.floor((i * length) / frames);
  switch (offset) {
    case 'start':
      return begin;
    case 'middle':
      return (i) => Math.floor(((2 * i + 1) * length) / (2 * frames));
    case 'end': // a segment shorter than a frame consists of its first frame
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

/** As NumPy rounds, in which the protocols are written. */
function roundHalfToEven(x: number): number {
  return x % 1 === 0.5 ? 2 * Math.round(x / 2) : Math.round(x);
}

/** Number of frames from the first to the last selected one. */
function spanOf(frames: number, { stride = 1 }: Dense): number {
  return (frames - 1) * stride + 1;
}
