import { usualGap } from './timing';

/** What a container says of its video, and what its packets show; times in seconds. */
export interface ContainerFacts {
  /** FFmpeg's name of the format. */
  format: string;
  /** Frames the container counts, less those it wants left out; 0 when it does not say. */
  counted: number;
  /** The container's duration, undefined when unknown. */
  duration: number | undefined;
  /** Where the video stream ends by a tag of its own, undefined without one. */
  streamEnd: number | undefined;
  /** Average frames per second, 0 when unknown. */
  rate: number;
  /** Presentation times of the video's packets, ascending. */
  times: number[];
  /** Of these, those of the packets that decoding can start at. */
  keyTimes: number[];
  /** Where the last packet of any other stream ends; undefined without other streams. */
  othersEnd: number | undefined;
}

/** Formats whose header holds the duration. Of the others FFmpeg derives it from what is left of the file. */
const STORE_DURATION = /^(matroska|flv|asf|ivf)/;

/** An AVI's count is also of frames without a byte, such as encoders put there for those that they delay. */
const EMPTY_AVI_FRAMES = 2;

/** Of a frame's time, as much may be missing at the end without a frame being missing. */
const SLACK = 0.25;

/** Of the usual time from frame to frame, as much may one differ that is regular; and by a clock's millisecond. */
const UNEVEN = 0.25;
const CLOCK = 0.001;

/** Frames that may be shown before one that comes before them in the file. */
const REORDERED = 8;

/** Other streams that end within so many seconds of the duration show that the file is whole. */
const WHOLE = 0.1;

/**
 * What to say where the container promises more than came out of the decoder: by its count of frames, else by its
 * duration at the frames' rate. Nothing is said where either could be wrong in a file that is whole.
 */
export function promiseWarning(facts: ContainerFacts, frames: number): string | undefined {
  if (facts.counted > 0) {
    const promised = Math.min(facts.counted, keptByEdits(facts));
    if (facts.format === 'avi' && promised - frames <= EMPTY_AVI_FRAMES) return undefined;
    return frames < promised ? brokenPromise(promised, frames) : undefined;
  }
  const end = promisedEnd(facts);
  if (end === undefined || facts.times.length === 0) return undefined;
  const gap = regularGap(facts, end);
  if (gap === undefined) return earlyEnd(facts.times, end);
  const promised = Math.floor((end - facts.times[0]!) / gap + SLACK);
  if (frames >= promised) return undefined;
  const basis = `${rounded(end)} s at ${rounded(1 / gap)} frames a second`;
  return brokenPromise(promised, frames, ` The promise is its duration: ${basis}.`);
}

function brokenPromise(promised: number, frames: number, basis = ''): string {
  return `The file promises ${promised} frames, ${frames} could be decoded.${basis}`;
}

/** An edit list may cut off the end of an MP4, whose count is of all its frames and its duration of those kept. */
function keptByEdits({ format, duration, rate }: ContainerFacts): number {
  if (!format.startsWith('mov') || !duration || !rate) return Number.POSITIVE_INFINITY;
  return Math.floor(duration * rate + SLACK);
}

/** Where the video should end; undefined when the container does not say, or says it of a longer sound track. */
function promisedEnd({ format, duration, streamEnd, othersEnd }: ContainerFacts): number | undefined {
  if (!STORE_DURATION.test(format) || duration === undefined || duration <= 0) return undefined;
  if (streamEnd !== undefined) return Math.min(duration, streamEnd);
  return othersEnd !== undefined && othersEnd > duration - WHOLE ? undefined : duration;
}

/**
 * Seconds from frame to frame; undefined where they come at uneven times. Holes that end about a key frame or
 * such a hole do not count, as what comes after damage starts with one, what comes after a pause seldom does; nor
 * do those about the last frame, where a file that is cut off lacks the frames that lie before it.
 */
function regularGap({ times, keyTimes, rate }: ContainerFacts, end: number): number | undefined {
  if (times.length < 2) return rate > 0 ? 1 / rate : undefined;
  const usual = usualGap(times);
  if (usual <= 0) return undefined;
  const last = times.at(-1)!;
  const anchors = end - last > 1.5 * usual ? [...keyTimes, last] : [...keyTimes];
  const regular: number[] = [];
  let holes = 0;
  for (let i = times.length - 1; i > 0; i--) {
    const [from, to] = [times[i - 1]!, times[i]!];
    const odd = to - from - usual;
    if (Math.abs(odd) <= UNEVEN * usual + CLOCK) {
      regular.push(to - from);
      continue;
    }
    if (odd < 0 || !anchors.some((anchor) => anchor >= to && anchor - to < REORDERED * usual))
      return undefined;
    anchors.push(from);
    holes++;
  }
  if (holes > Math.max(2, regular.length / 20)) return undefined;
  const mean = regular.reduce((sum, gap) => sum + gap, 0) / regular.length;
  return rate > 0 && Math.abs(rate * mean - 1) < 0.05 ? 1 / rate : mean;
}

/** Frames at uneven times cannot be counted by a duration; that they end long before it can be said. */
function earlyEnd(times: number[], end: number): string | undefined {
  const last = times.at(-1)!;
  let longest = 0;
  for (let i = 1; i < times.length; i++) longest = Math.max(longest, times[i]! - times[i - 1]!);
  if (end - last <= Math.max(1, 2 * longest)) return undefined;
  return `The file promises ${rounded(end)} s, its frames end after ${rounded(last)} s.`;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Seconds of a tag such as `00:00:04.000000000`; undefined when it is none. */
export function secondsOfTag(text: string | null | undefined): number | undefined {
  const [, hours, minutes, seconds] = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(text?.trim() ?? '') ?? [];
  return hours === undefined ? undefined : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}
