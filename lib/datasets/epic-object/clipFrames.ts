import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isPicture } from '../../clip/folder';
import type { ClipFinder } from '../findClip';
import type { Segment } from './segments';

/** Where a segment's frames lie. */
export interface ClipFrames {
  path: string;
  /** 0-based index of the segment's first frame in the video or folder, and of the first one after it. */
  first: number;
  end: number;
}

/** Finds a segment's video or folder of frames. @returns in words what is missing */
export async function findFrames(
  root: string,
  finder: ClipFinder,
  { video, start, stop }: Segment,
): Promise<ClipFrames | string> {
  const participant = video.split('_')[0]!;
  const bases = [join(root, 'frames'), join(root, 'videos'), root];
  const places = bases.flatMap((base) => [join(base, participant), base]);
  const path = finder.find(video, places);
  if (path === undefined) return `there are neither frames nor a video of ${video}`;
  if (!(await stat(path)).isDirectory()) return { path, first: start - 1, end: stop };
  const numbers = await frameNumbers(path);
  const first = numbers.filter((number) => number < start).length;
  const end = numbers.filter((number) => number <= stop).length;
  const wanted = stop - start + 1;
  if (end - first === wanted) return { path, first, end };
  return `of its frames ${start} to ${stop}, ${end - first} of ${wanted} are in ${path}`;
}

/** The numbers in the names of a folder's pictures, such as `frame_0000000001.jpg`. */
async function frameNumbers(folder: string): Promise<number[]> {
  const names = (await readdir(folder)).filter(isPicture);
  return names.map((name) => Number(/(\d+)\.\w+$/.exec(name)?.[1] ?? Number.NaN));
}
