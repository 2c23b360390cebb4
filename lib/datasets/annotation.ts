import type { Size } from '../clip/resize';
import type { FrameBoxes } from './boxMask';
import { datasetError } from './problems';
import type { Box } from './synthetic';

/** The boxes of one clip as the data set gives them. */
export interface Annotation {
  /** By frame number; missing frames are not annotated. */
  boxes: ReadonlyMap<number, FrameBoxes>;
  /** The number of the source frame with a 0-based index; default the index itself. */
  numberOf?: (index: number) => number;
  /**
   * Converts a box's frame number to the numbering of `numberOf`; default unchanged. Needed if the data set counts
   * frames at a different rate than its videos.
   */
  placeOf?: (frame: number) => number;
  /** Size of the frames that the boxes were drawn on; default that of the source. */
  drawnOn?: (source: Size) => Size;
  /** Number of frames that were annotated, if known. */
  frames?: number;
  /**
   * Maximum distance between a box and the frame that it counts for, in the numbering of `numberOf`; default 0.
   * Data sets that annotate only every n-th frame use n/2, since selected frames rarely coincide with those.
   */
  reach?: number;
}

/**
 * A description of the first box without a positive size or entirely outside the frame; undefined if there is none.
 */
export function badBox(boxes: Annotation['boxes'], size?: Size): string | undefined {
  for (const [frame, ofFrame] of boxes)
    for (const box of ofFrame) {
      const wrong = faultOf(box, size);
      if (wrong) return `the box ${describe(box)} of frame ${frame} ${wrong}`;
    }
  return undefined;
}

function faultOf({ x, y, width, height }: Box, size: Size | undefined): string | undefined {
  if (!(width > 0 && height > 0)) return 'has no positive size';
  if (!size) return undefined;
  const outside = x >= size.width || y >= size.height || x + width <= 0 || y + height <= 0;
  return outside ? `lies outside the ${size.width}×${size.height} frame` : undefined;
}

function describe({ x, y, width, height }: Box): string {
  return `x ${x}, y ${y}, width ${width}, height ${height}`;
}

/**
 * The boxes of each frame of a clip. Boxes within `reach` are assigned to the nearest selected frame; if several
 * annotated frames are nearest to the same one, the closest counts, and of equally close ones the earlier.
 *
 * @param indices the selected source frames, ascending
 */
export function boxesOfFrames(annotation: Annotation, indices: readonly number[]): FrameBoxes[] {
  const { boxes, numberOf = same, placeOf = same, reach = 0 } = annotation;
  const numbers = indices.map(numberOf);
  const nearest = new Map<number, { distance: number; boxes: FrameBoxes }>();
  for (const [frame, ofFrame] of [...boxes].sort(([a], [b]) => a - b)) {
    const place = placeOf(frame);
    const distances = numbers.map((number) => Math.abs(number - place));
    const distance = Math.min(...distances);
    const number = numbers[distances.indexOf(distance)]!;
    if (distance <= reach && distance < (nearest.get(number)?.distance ?? Number.POSITIVE_INFINITY))
      nearest.set(number, { distance, boxes: ofFrame });
  }
  return numbers.map((number) => nearest.get(number)?.boxes ?? []);
}

function same(index: number): number {
  return index;
}

/**
 * Checks an annotation against its clip.
 *
 * @returns a warning if the annotation counts a different number of frames than the decoder
 * @throws FepError `FEP_DATASET` if a box is outside the frame or its frame is not in the clip
 */
export function checkAgainstClip(
  id: string,
  { boxes, frames, numberOf = same, placeOf = same, reach = 0 }: Annotation,
  drawnOn: Size,
  sourceFrames: number,
): string | undefined {
  const wrong = badBox(boxes, drawnOn);
  if (wrong) throw datasetError(id, wrong, 'Correct the annotation.');
  const last = [...boxes.keys()].reduce((most, frame) => Math.max(most, frame), Number.NEGATIVE_INFINITY);
  const place = placeOf(last);
  if (place > numberOf(sourceFrames - 1) + reach)
    throw datasetError(
      id,
      `there are boxes for frame ${last}${place === last ? '' : ` (${place} of the video)`}, but the clip ends with frame ${numberOf(sourceFrames - 1)}`,
      'Check that the annotation belongs to this clip.',
    );
  if (frames === undefined || frames === sourceFrames) return undefined;
  return `The annotation counts ${frames} frames, the clip has ${sourceFrames}.`;
}
