import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isPicture } from '../../clip/folder';
import type { ReadOptions } from '../../frames/readOptions';
import type { ClipFinder } from '../findClip';
import { badRate, REACH, videoFrame, videoReach } from './frameRate';
import type { Segment } from './segments';
import type { VideoInfo } from './videoInfo';
import type { VideoRates } from './videoRates';

/** Where a segment's frames lie. */
export interface ClipFrames {
  path: string;
  /** 0-based index of the segment's first frame in the video or folder, and of the first one after it. */
  first: number;
  end: number;
  /** Frames a second of the video; null for a folder, whose frames are numbered as the tables are. */
  rate: number | null;
  /** As an `Annotation` has them. */
  numberOf: (index: number) => number;
  placeOf: (frame: number) => number;
  reach: number;
}

/** What a data set knows of its videos. */
export interface Videos {
  root: string;
  finder: ClipFinder;
  rates: VideoRates;
  info: ReadonlyMap<string, VideoInfo>;
}

/**
 * Finds a segment's video or folder of frames.
 *
 * @returns in words what is missing or does not fit
 * @throws FepError as `videoRate`
 */
export async function findFrames(
  { root, finder, rates, info }: Videos,
  segment: Segment,
  options: ReadOptions = {},
): Promise<ClipFrames | string> {
  const { video } = segment;
  const participant = video.split('_')[0]!;
  const bases = [join(root, 'frames'), join(root, 'videos'), root];
  const places = bases.flatMap((base) => [join(base, participant), base]);
  const path = finder.find(video, places);
  if (path === undefined) return `there are neither frames nor a video of ${video}`;
  if ((await stat(path)).isDirectory()) return inFolder(path, segment);
  const rate = await rates.of(path, options);
  const wrong = badRate(rate, info.get(video)?.rate);
  return wrong === undefined ? inVideo(path, segment, rate!) : `its video ${path} ${wrong}`;
}

function inVideo(path: string, { start, stop }: Segment, rate: number): ClipFrames {
  return {
    ...{ path, first: videoFrame(start, rate), end: videoFrame(stop, rate) + 1, rate },
    numberOf: (index) => index + 1,
    placeOf: (frame) => videoFrame(frame, rate) + 1,
    reach: videoReach(rate),
  };
}

async function inFolder(path: string, { start, stop }: Segment): Promise<ClipFrames | string> {
  const numbers = await frameNumbers(path);
  const first = numbers.filter((number) => number < start).length;
  const end = numbers.filter((number) => number <= stop).length;
  const wanted = stop - start + 1;
  if (end - first !== wanted)
    return `of its frames ${start} to ${stop}, ${end - first} of ${wanted} are in ${path}`;
  return {
    ...{ path, first, end, rate: null },
    numberOf: (index) => start + index - first,
    placeOf: (frame) => frame,
    reach: REACH,
  };
}

/** The numbers in the names of a folder's pictures, such as `frame_0000000001.jpg`. */
async function frameNumbers(folder: string): Promise<number[]> {
  const names = (await readdir(folder)).filter(isPicture);
  return names.map((name) => Number(/(\d+)\.\w+$/.exec(name)?.[1] ?? Number.NaN));
}
