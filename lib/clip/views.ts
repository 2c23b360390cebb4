import { FepError } from '../errors/fepError';
import type { Selection } from '../frames/sampling';
import { clipsOf } from '../frames/sampling';
import { shown } from '../options/requireArguments';
import type { Size } from './resize';
import type { ClipViews, View } from './types';

/** How many views of a video to average over: N temporal clips, or `NxM` with M crops of each. */
export type Views = number | `${number}x${number}`;

/** What of the views' answers is averaged: probabilities, or what they are made of. */
export type ViewsAverage = 'prob' | 'logits';
/** Both. */
export const VIEWS_AVERAGES = ['prob', 'logits'] as const satisfies readonly ViewsAverage[];

/** The views that a result is the average of. */
export interface RecordedViews {
  clips: number;
  crops: number;
  average: ViewsAverage;
}

/** Temporal clips, and crops of each. */
export interface ViewCounts {
  clips: number;
  /** 1: the centre; 3: both ends of the longer side and the centre. */
  crops: 1 | 3;
}

/** Published protocols take up to 25 clips of a video. */
export const MOST_CLIPS = 32;

/** @throws FepError `FEP_USAGE` when it is not a number of views that can be read */
export function parseViews(views: unknown = 1): ViewCounts {
  const text = typeof views === 'number' ? String(views) : views;
  const [, clips, crops = '1'] =
    (typeof text === 'string' && /^(\d{1,9})(?:x(\d{1,9}))?$/i.exec(text.trim())) || [];
  const counts = { clips: Number(clips), crops: Number(crops) };
  const isRight =
    counts.clips >= 1 && counts.clips <= MOST_CLIPS && (counts.crops === 1 || counts.crops === 3);
  if (isRight) return counts as ViewCounts;
  throw new FepError(
    'FEP_USAGE',
    `views is ${shown(views)}; expected 1 to ${MOST_CLIPS} temporal clips, with x1 or x3 crops.`,
    { hint: 'Give for example 4 (4 clips, centre crop) or 4x3 (3 crops of each).' },
  );
}

/** Of a clip that was read, where each view lies in it; undefined where there is but one. */
export function viewsIn(
  read: Size & { frames: number; indices: number[] },
  selection: Selection,
  view: Size,
): ClipViews | undefined {
  const clips = clipsOf(read.frames, selection);
  const corners = cornersOf(read, view);
  if (clips.length * corners.length === 1) return undefined;
  const windows = clips.flatMap((frames) =>
    corners.map((corner): View => ({ frames: placesOf(frames, clips.length, read.indices), ...corner })),
  );
  return { clips: clips.length, crops: corners.length, height: view.height, width: view.width, windows };
}

/** Frames of several clips stand once in what was read; those of a single clip stand there as often as it shows them. */
function placesOf(frames: number[], clips: number, indices: number[]): number[] {
  return clips === 1 ? indices.map((_, place) => place) : frames.map((frame) => indices.indexOf(frame));
}

/** Crops from one end of what was read to the other; one where it is as large as a view. */
function cornersOf(read: Size, view: Size): Pick<View, 'top' | 'left'>[] {
  const [down, across] = [read.height - view.height, read.width - view.width];
  const longest = Math.max(down, across);
  if (longest === 0) return [{ top: 0, left: 0 }];
  return [0, Math.floor(longest / 2), longest].map((at) =>
    down > 0 ? { top: at, left: 0 } : { top: 0, left: at },
  );
}

/** Says where there was no room for all views that were asked for. */
export function viewWarnings(asked: ViewCounts, found: ClipViews | undefined): string[] {
  const { clips, crops } = found ?? { clips: 1, crops: 1 };
  const warnings: string[] = [];
  if (clips < asked.clips)
    warnings.push(`There is room for ${clips} of ${asked.clips} different clips: that many were taken.`);
  if (crops < asked.crops)
    warnings.push('The frames are as large as one crop: three crops would be the same, one was taken.');
  return warnings;
}

/** As reports say it. */
export function describeViews({ clips, crops }: { clips: number; crops: number }): string {
  return `average of ${clips} × ${crops} views`;
}
