import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isPicture } from '../../clip/folder';
import type { ReadOptions } from '../../frames/readOptions';
import { videoRate } from '../../video/videoRate';
import type { ClipFinder } from '../findClip';
import { badRate, REACH, videoFrame, videoReach } from './frameRate';
import type { Segment } from './segments';
import type { VideoInfo } from './videoInfo';

/** Location of the frames of a segment. */
export interface ClipFrames {
  path: string;
  /** 0-based indices in the video or folder: the segment's first frame, and the first one after it. */
  first: number;
  end: number;
  /** Frames per second of the video; null for a folder, whose frames are numbered as in the tables. */
  rate: number | null;
  /** As in `Annotation`. */
  numberOf: (index: number) => number;
  placeOf: (frame: number) => number;
  reach: number;
}

/** Caches the frame rate of each video, which may have several segments. */
export class VideoRates {
  private readonly known = new Map<string, Promise<number | undefined>>();

  /** @throws FepError as `videoRate` */
  of(path: string, options: ReadOptions = {}): Promise<number | undefined> {
    const known = this.known.get(path);
    if (known) return known;
    const rate = videoRate(path, options);
    this.known.set(path, rate);
    // Do not cache failures: a later call may use another decoder or not be aborted.
    rate.catch(() => this.known.delete(path));
    return rate;
  }
}

/** What is known about the videos of a data set. */
export interface Videos {
  root: string;
  finder: ClipFinder;
  rates: VideoRates;
  info: ReadonlyMap<string, VideoInfo>;
}

/**
 * Finds the video or frame folder of a segment.
 *
 * @returns a description of the problem if frames are missing or do not match
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
    path,
    first: videoFrame(start, rate),
    end: videoFrame(stop, rate) + 1,
    rate,
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
    return `${end - first} of its ${wanted} frames (${start} to ${stop}) are in ${path}`;
  return {
    path,
    first,
    end,
    rate: null,
    numberOf: (index) => start + index - first,
    placeOf: (frame) => frame,
    reach: REACH,
  };
}

/** The frame numbers in the names of a folder's pictures, such as `frame_0000000001.jpg`. */
async function frameNumbers(folder: string): Promise<number[]> {
  const names = (await readdir(folder)).filter(isPicture);
  return names.map((name) => Number(/(\d+)\.\w+$/.exec(name)?.[1] ?? Number.NaN));
}
