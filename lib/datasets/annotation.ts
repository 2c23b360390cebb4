import type { Size } from '../clip/resize';
import type { FrameBoxes } from './boxMask';
import { datasetError } from './problems';
import type { Box } from './synthetic';

/** What a data set says about the boxes of one clip. */
export interface Annotation {
  /** By the frame's number; frames that are not there have no annotation. */
  boxes: ReadonlyMap<number, FrameBoxes>;
  /** The number of the source's frame with that 0-based index; default the index itself. */
  numberOf?: (index: number) => number;
  /**
   * Where a box's number lies among those of `numberOf`; default the number itself. A data set that counts frames at
   * another rate than its videos' converts here.
   */
  placeOf?: (frame: number) => number;
  /** The size of the frames that the boxes were drawn on; default the source's own. */
  drawnOn?: (source: Size) => Size;
  /** Number of frames that the annotators saw, where it is known. */
  frames?: number;
  /**
   * How far from its own frame a box may count, in numbers of `numberOf`; default 0. Data sets that annotate only every
   * n-th frame allow n/2, as the sampled frames rarely hit those.
   */
  reach?: number;
}

/** The first box without a positive size or without a part in the frame, in words; undefined when all are well. */
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
 * The boxes of each of a clip's frames. Within `reach`, boxes go to the sampled frame nearest to their own, and
 * of several annotated frames nearest to one sampled frame the nearest counts; of two as near, the earlier.
 *
 * @param indices the sampled source frames, ascending
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
 * Compares an annotation with the clip it belongs to.
 *
 * @returns a warning when the annotators counted other frames than the decoder
 * @throws FepError `FEP_DATASET` when a box is out of the frame or its frame is not in the clip
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
      'See that clip and annotation belong together.',
    );
  if (frames === undefined || frames === sourceFrames) return undefined;
  return `The annotation counts ${frames} frames, the clip has ${sourceFrames}.`;
}
