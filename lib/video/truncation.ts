import { medianGap } from './timing';

/** What a container declares about its video, and what its packets show; times in seconds. */
export interface ContainerFacts {
  /** FFmpeg's name of the format. */
  format: string;
  /** Number of frames according to the container, minus those to be discarded; 0 if not specified. */
  counted: number;
  /** The container's duration, undefined when unknown. */
  duration: number | undefined;
  /** End of the video stream according to its own tag, undefined without one. */
  streamEnd: number | undefined;
  /** Average frames per second, 0 when unknown. */
  rate: number;
  /** Presentation times of the video packets, ascending. */
  times: number[];
  /** Those of the key frames. */
  keyTimes: number[];
  /** End of the last packet of all other streams; undefined without other streams. */
  othersEnd: number | undefined;
}

/** Formats that store the duration in their header. For others, FFmpeg derives it from the remaining file. */
const STORE_DURATION = /^(matroska|flv|asf|ivf)/;

/** The frame count of an AVI includes empty frames, which encoders write for frames that they delay. */
const EMPTY_AVI_FRAMES = 2;

/** Fraction of a frame's duration that may be missing at the end without a missing frame. */
const SLACK = 0.25;

/**
 * Regular gaps differ from the median by at most this fraction of it, plus the resolution of a millisecond clock.
 */
const UNEVEN = 0.25;
const CLOCK = 0.001;

/** Maximum number of frames that are displayed before a frame that precedes them in the file. */
const REORDERED = 8;

/** If other streams end within this many seconds of the duration, the file is complete. */
const WHOLE = 0.1;

/**
 * Warns if the container declares more frames than were decoded: by its frame count, else by its duration at the
 * frame rate. No warning if the declaration may also be wrong in a complete file.
 */
export function truncationWarning(facts: ContainerFacts, frames: number): string | undefined {
  if (facts.counted > 0) {
    const promised = Math.min(facts.counted, keptByEdits(facts));
    if (facts.format === 'avi' && promised - frames <= EMPTY_AVI_FRAMES) return undefined;
    return frames < promised ? missingFrames(promised, frames) : undefined;
  }
  const end = declaredEnd(facts);
  if (end === undefined || facts.times.length === 0) return undefined;
  const gap = regularGap(facts, end);
  if (gap === undefined) return earlyEnd(facts.times, end);
  const promised = Math.floor((end - facts.times[0]!) / gap + SLACK);
  if (frames >= promised) return undefined;
  const basis = `${rounded(end)} s at ${rounded(1 / gap)} frames a second`;
  return missingFrames(promised, frames, ` The promise is its duration: ${basis}.`);
}

function missingFrames(promised: number, frames: number, basis = ''): string {
  return `The file promises ${promised} frames, ${frames} could be decoded.${basis}`;
}

/**
 * An edit list may cut off the end of an MP4: its frame count includes all frames, its duration only those kept.
 */
function keptByEdits({ format, duration, rate }: ContainerFacts): number {
  if (!format.startsWith('mov') || !duration || !rate) return Number.POSITIVE_INFINITY;
  return Math.floor(duration * rate + SLACK);
}

/**
 * Where the video should end; undefined if the container does not specify it, or may refer to a longer sound track.
 */
function declaredEnd({ format, duration, streamEnd, othersEnd }: ContainerFacts): number | undefined {
  if (!STORE_DURATION.test(format) || duration === undefined || duration <= 0) return undefined;
  if (streamEnd !== undefined) return Math.min(duration, streamEnd);
  return othersEnd !== undefined && othersEnd > duration - WHOLE ? undefined : duration;
}

/**
 * Seconds between frames; undefined if they are unevenly spaced. Holes are ignored if they end near a key frame or
 * near another such hole, since decoding resumes at a key frame after damage but rarely after a pause; so are holes
 * near the last frame, where a truncated file lacks the frames that are displayed before it.
 */
function regularGap({ times, keyTimes, rate }: ContainerFacts, end: number): number | undefined {
  if (times.length < 2) return rate > 0 ? 1 / rate : undefined;
  const usual = medianGap(times);
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

/** Unevenly spaced frames cannot be counted by duration, but a much too early end can be reported. */
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

/** Seconds of a tag such as `00:00:04.000000000`; undefined if it cannot be parsed. */
export function parseDurationTag(text: string | null | undefined): number | undefined {
  const [, hours, minutes, seconds] = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(text?.trim() ?? '') ?? [];
  return hours === undefined ? undefined : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}
