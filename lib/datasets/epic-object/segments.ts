import type { FrameBoxes } from '../boxMask';
import { type CsvRow, readCsv } from '../csv';
import type { ProblemLog } from '../problems';
import type { Box } from '../synthetic';

/** A part of a video in which somebody acts on an object. */
export interface Segment {
  id: string;
  video: string;
  noun: string;
  nounLabel: number;
  /** First and last frame, as EPIC-Kitchens counts them: from 1. */
  start: number;
  stop: number;
  /** By the frame's number, in pixels of the video's own size. */
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

/** Reads a table of segments; lines that make no sense go to the log. @throws FepError `FEP_DATASET` */
export async function readSegments(path: string, log: ProblemLog): Promise<Segment[]> {
  const rows = await readCsv(path, COLUMNS);
  return rows.flatMap((row) => {
    const segment = parseSegment(row);
    if (typeof segment !== 'string') return segment;
    log.add(row.where, segment);
    return [];
  });
}

function parseSegment({ cells }: CsvRow): Segment | string {
  const { seg_id: segment = '', video_id: video = '', noun = '', noun_label: label, bounding_boxes } = cells;
  const [start, stop] = [Number(cells.start_frame), Number(cells.stop_frame)];
  if (!/^P\d+_\d+$/.test(video)) return `the video's id is ${video}, expected one like P01_01`;
  if (!/^\d+$/.test(segment)) return `the segment's id is ${segment}, expected a number`;
  if (!(Number.isSafeInteger(start) && Number.isSafeInteger(stop) && start >= 1 && stop >= start))
    return `frames ${cells.start_frame} to ${cells.stop_frame} are no range; they are counted from 1`;
  const boxes = parseBoxes(bounding_boxes ?? '');
  if (!boxes) return 'bounding_boxes should be {frame: (top, left, height, width), …}';
  return { id: `${video}_${segment}`, video, noun, nounLabel: Number(label), start, stop, boxes };
}

// Blanks are looked for in front of each part only, and numbers have an end: a cell of a million blanks or digits is
// refused as quickly as another.
const NUMBER = String.raw`\s*-?\d{1,20}(?:\.\d{1,20})?`;
const ENTRY = String.raw`(\d{1,20})\s*:\s*\((${NUMBER})\s*,(${NUMBER})\s*,(${NUMBER})\s*,(${NUMBER})\s*\)`;
const TABLE = new RegExp(`^\\s*\\{(?:\\s*${ENTRY}(?:\\s*,\\s*${ENTRY})*(?:\\s*,)?)?\\s*\\}\\s*$`);

/** Reads a Python dictionary of one tuple a frame; undefined when it is none. */
function parseBoxes(text: string): Map<number, FrameBoxes> | undefined {
  if (!TABLE.test(text)) return undefined;
  return new Map(
    [...text.matchAll(new RegExp(ENTRY, 'g'))].map(([, frame, ...box]) => [
      Number(frame),
      [toBox(box.map(Number))],
    ]),
  );
}

/** From EPIC-Kitchens' (top, left, height, width). */
export function toBox(values: readonly number[]): Box {
  const [y, x, height, width] = values as [number, number, number, number];
  return { x, y, width, height };
}
