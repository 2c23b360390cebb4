import type { FrameBoxes } from '../boxMask';
import { type CsvRow, readCsv } from '../csv';
import type { ProblemLog } from '../problems';
import type { Box } from '../synthetic';

/** A segment of a video in which an object is manipulated. */
export interface Segment {
  id: string;
  video: string;
  noun: string;
  nounLabel: number;
  /** First and last frame, counted from 1. */
  start: number;
  stop: number;
  /** By frame number, in pixels of the original video. */
  boxes: ReadonlyMap<number, FrameBoxes>;
}

const COLUMNS = [
  'seg_id',
  'video_id',
  'noun',
  'noun_label',
  'start_frame',
  'stop_frame',
  'bounding_boxes',
] as const;

/**
 * Reads a table of segments; invalid lines are logged.
 *
 * @throws FepError `FEP_DATASET`
 */
export async function readSegments(path: string, log: ProblemLog): Promise<Segment[]> {
  const rows = await readCsv(path, COLUMNS);
  return rows.flatMap((row) => {
    const segment = parseSegment(row);
    if (typeof segment !== 'string') return segment;
    log.add(row.where, segment);
    return [];
  });
}

function parseSegment({ fields }: CsvRow): Segment | string {
  const { seg_id: segment = '', video_id: video = '', noun = '', noun_label: label, bounding_boxes } = fields;
  const [start, stop] = [Number(fields.start_frame), Number(fields.stop_frame)];
  if (!/^P\d+_\d+$/.test(video)) return `the video's id is ${video}, expected one like P01_01`;
  if (!/^\d+$/.test(segment)) return `the segment's id is ${segment}, expected a number`;
  if (!(Number.isSafeInteger(start) && Number.isSafeInteger(stop) && start >= 1 && stop >= start))
    return `frames ${fields.start_frame} to ${fields.stop_frame} are not a range; they are counted from 1`;
  const boxes = parseBoxes(bounding_boxes ?? '');
  if (!boxes) return 'bounding_boxes should be {frame: (top, left, height, width), …}';
  return { id: `${video}_${segment}`, video, noun, nounLabel: Number(label), start, stop, boxes };
}

// Whitespace is only allowed before each token, and numbers are limited to 20 digits, so that a field of a million
// blanks or digits is rejected quickly.
const NUMBER = String.raw`\s*-?\d{1,20}(?:\.\d{1,20})?`;
const ENTRY = String.raw`(\d{1,20})\s*:\s*\((${NUMBER})\s*,(${NUMBER})\s*,(${NUMBER})\s*,(${NUMBER})\s*\)`;
const TABLE = new RegExp(`^\\s*\\{(?:\\s*${ENTRY}(?:\\s*,\\s*${ENTRY})*(?:\\s*,)?)?\\s*\\}\\s*$`);

/** Parses a Python dictionary with one tuple per frame; undefined if it is invalid. */
function parseBoxes(text: string): Map<number, FrameBoxes> | undefined {
  if (!TABLE.test(text)) return undefined;
  return new Map(
    [...text.matchAll(new RegExp(ENTRY, 'g'))].map(([, frame, ...box]) => [
      Number(frame),
      [toBox(box.map(Number))],
    ]),
  );
}

/** Converts (top, left, height, width). */
export function toBox(values: readonly number[]): Box {
  const [y, x, height, width] = values as [number, number, number, number];
  return { x, y, width, height };
}
