import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { isPicture } from '../../clip/folder';
import { messageOf } from '../../errors/fepError';
import { badBox } from '../annotation';
import { resolveInside } from '../paths';
import { datasetError, type ProblemLog } from '../problems';
import { readAnnotated } from '../readAnnotated';
import type { Entry } from '../source';
import { REACH } from './frameRate';
import { toBox } from './segments';

const number = z.number();

const segmentSchema = z.object({
  dir: z.string().min(1),
  seg_id: z.number().int(),
  video_id: z.string().regex(/^P\d+_\d+$/),
  noun: z.string(),
  /** Width and height. */
  resolution: z.tuple([number.positive(), number.positive()]),
  frame_numbers: z.array(z.number().int()).min(1),
  boxes: z.record(z.string().regex(/^\d+$/), z.array(z.tuple([number, number, number, number]))),
});

type SampledSegment = z.output<typeof segmentSchema>;

/**
 * Segments of which only some frames are available, as pictures in folders, described by `boxes.json`:
 *
 *     {"segments": [{"dir": "cloth-take-P12_06_18977", "seg_id": 18977, "video_id": "P12_06", "noun": "cloth",
 *       "resolution": [1920, 1440], "frame_numbers": [317, 324, …], "boxes": {"331": [[top, left, height, width]]}}]}
 *
 * `frame_numbers` lists the frame number in the video of each picture, in the order of their names; boxes are by
 * frame number, in pixels of `resolution`. Invalid segments are logged.
 *
 * @throws FepError `FEP_DATASET`
 */
export async function readSampled(root: string, path: string, log: ProblemLog): Promise<Entry[]> {
  const segments = await parseFile(path);
  return segments.flatMap((segment, i) => {
    const result = segmentSchema.safeParse(segment);
    if (result.success) return entry(root, result.data);
    log.add(`boxes.json segment ${i}`, z.prettifyError(result.error));
    return [];
  });
}

async function parseFile(path: string): Promise<unknown[]> {
  try {
    return z.object({ segments: z.array(z.unknown()) }).parse(JSON.parse(await readFile(path, 'utf8')))
      .segments;
  } catch (error) {
    throw datasetError(path, `it cannot be read: ${messageOf(error)}`, undefined, error);
  }
}

function entry(root: string, segment: SampledSegment): Entry {
  const { dir, video_id, seg_id, noun, frame_numbers: numbers } = segment;
  const id = `${video_id}_${seg_id}`;
  const folder = resolveInside(root, dir);
  const [width, height] = segment.resolution;
  const boxes = new Map(
    Object.entries(segment.boxes).map(([frame, ofFrame]) => [Number(frame), ofFrame.map(toBox)]),
  );
  const drawnOn = { height, width };
  const annotation = {
    boxes,
    drawnOn: () => drawnOn,
    reach: REACH,
    numberOf: (index: number) => numbers[index] ?? Number.NaN,
  };
  return {
    id,
    label: noun,
    check: async () => {
      if (folder === undefined) return `the path ${dir} leads out of the data set's folder`;
      if (!existsSync(folder)) return `there is no folder ${folder}`;
      const pictures = readdirSync(folder).filter(isPicture).length;
      if (pictures !== numbers.length)
        return `${folder} has ${pictures} pictures, expected ${numbers.length}`;
      return badBox(boxes, drawnOn);
    },
    read: (input, options = {}) => readAnnotated(id, folder!, annotation, input, options),
  };
}
