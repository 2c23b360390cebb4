import { z } from 'zod';
import type { Annotation } from '../annotation';
import type { FrameBoxes } from '../boxMask';
import { type NumpyArray, PickledArray } from '../pickle/numpy';
import { datasetError } from '../problems';

/** Size of the frames that all boxes were drawn on, whatever the size of the clip. */
export const DRAWN_ON = { height: 240, width: 320 };

const fromMap = (value: unknown) => (value instanceof Map ? Object.fromEntries(value) : value);

/**
 * One actor's track through frames sf to ef − 1, counted from 0; row t − sf of the boxes is x, y, w, h of frame t.
 */
const tubeSchema = z.preprocess(
  fromMap,
  z.object({
    label: z.number().int(),
    sf: z.number().int().min(0),
    ef: z.number().int(),
    boxes: z.custom<NumpyArray>((value) => value instanceof PickledArray, 'expected a NumPy array'),
  }),
);

const videoSchema = z.preprocess(
  fromMap,
  z.object({ numf: z.number().int().min(1), label: z.number().int(), annotations: z.array(tubeSchema) }),
);

export type Tube = z.output<typeof tubeSchema>;
export type AnnotatedVideo = z.output<typeof videoSchema>;

/**
 * The file's top level: videos by `<Class>/<name>`, not validated yet.
 *
 * @throws FepError `FEP_DATASET`
 */
export function videosOf(pickle: unknown, path: string): Map<string, unknown> {
  if (pickle instanceof Map && [...pickle.keys()].every((key) => typeof key === 'string')) return pickle;
  throw datasetError(path, 'expected a dictionary of videos by name');
}

/** @returns the video, or a description of what is wrong with its annotation */
export function parseVideo(value: unknown, label: number): AnnotatedVideo | string {
  const result = videoSchema.safeParse(value);
  if (!result.success) return `its annotation is not valid: ${z.prettifyError(result.error)}`;
  const video = result.data;
  const others = [video, ...video.annotations].find((labelled) => labelled.label !== label);
  if (others) return `its annotation has label ${others.label}, its class is number ${label}`;
  return video.annotations.map((tube) => faultOf(tube, video.numf)).find(Boolean) ?? video;
}

function faultOf({ sf, ef, boxes }: Tube, frames: number): string | undefined {
  const [rows, columns] = boxes.shape;
  if (ef <= sf || ef > frames) return `a tube covers frames ${sf} to ${ef} of ${frames}`;
  if (rows !== ef - sf || columns !== 4 || boxes.shape.length !== 2)
    return `a tube of ${ef - sf} frames has boxes of shape (${boxes.shape.join(', ')}), expected (${ef - sf}, 4)`;
  return undefined;
}

/** The boxes of all tubes, by frame. */
export function uniteTubes({ annotations, numf }: AnnotatedVideo): Annotation {
  const boxes = new Map<number, FrameBoxes>();
  for (const tube of annotations)
    for (let frame = tube.sf; frame < tube.ef; frame++) {
      const row = (frame - tube.sf) * 4;
      const [x, y, width, height] = tube.boxes.data.slice(row, row + 4) as [number, number, number, number];
      boxes.set(frame, [...(boxes.get(frame) ?? []), { x, y, width, height }]);
    }
  return { boxes, drawnOn: () => DRAWN_ON, frames: numf };
}
