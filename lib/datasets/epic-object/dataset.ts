import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { FepError } from '../../errors/fepError';
import { badBox } from '../annotation';
import { readCsv } from '../csv';
import { ClipFinder } from '../findClip';
import type { CheckedOptions } from '../options';
import { datasetError, type ProblemLog, problemOf } from '../problems';
import type { DatasetSource, Entry } from '../source';
import { findFrames, VideoRates, type Videos } from './clipFrames';
import { readSegment } from './readSegment';
import { readSampled } from './sampled';
import { readSegments, type Segment } from './segments';
import { readVideoInfo } from './videoInfo';

/**
 * EPIC-Kitchens-Object (Li et al., 2021): segments of EPIC-Kitchens-55 whose class is the manipulated object, one
 * of the 20 most frequent nouns.
 *
 *     PATH/Valid_seg_top20_100_val.csv         seg_id, video_id, noun, noun_label, start_frame, stop_frame,
 *                                              bounding_boxes {frame: (top, left, height, width)}; the file name ends
 *                                              with the split
 *     PATH/Valid_seg_top20_noun_labels.csv     noun, noun_label
 *     PATH/frames/P20/P20_04/frame_0000117350.jpg …  the frames of a video, all or only those of the segments, or
 *     PATH/videos/P20/P20_04.MP4               the video; `frames`, `videos` and the participant's folder are optional
 *     PATH/EPIC_video_info.csv                 required if the frames were scaled down, since boxes refer to the size
 *                                              of the videos; if it has a column fps, the videos must match it
 *
 * The split `sampled` is described by `PATH/boxes.json` instead of a table, see `readSampled`. Frames are counted
 * from 1, and `stop_frame` is part of the segment. Tables count 60 frames per second for every video: of a video,
 * the frames nearest in time are read (`videoFrame`); frames in a folder are numbered as in the tables. Boxes,
 * drawn on every 30th frame, count for the nearest selected frame within 15 frames, a quarter of a second. Ids are
 * `<video_id>_<seg_id>`.
 *
 * @throws FepError `FEP_DATASET` if a table cannot be read, `FEP_USAGE` for an unknown split
 */
export async function openEpicObject(
  path: string,
  { split = 'val' }: CheckedOptions,
  log: ProblemLog,
): Promise<DatasetSource> {
  const root = resolve(path);
  const nouns = await readNouns(root);
  const entries =
    split === 'sampled'
      ? await readSampled(root, join(root, 'boxes.json'), log)
      : await readTable(root, tableOf(root, split), nouns, log);
  return { name: 'epic-object', classes: nouns, entries, part: { split } };
}

/** The classes in label order. */
async function readNouns(root: string): Promise<string[]> {
  const name = readdirSync(root).find((file) => file.endsWith('_noun_labels.csv'));
  if (!name)
    throw datasetError(root, 'there is no table of nouns', 'It is called Valid_seg_top20_noun_labels.csv.');
  const rows = await readCsv(join(root, name), ['noun', 'noun_label']);
  const nouns: string[] = [];
  for (const { where, fields } of rows) {
    const label = Number(fields.noun_label);
    if (!fields.noun || !(label >= 0 && label < rows.length) || nouns[label] !== undefined)
      throw datasetError(where, `expected each noun to have its own label from 0 to ${rows.length - 1}`);
    nouns[label] = fields.noun;
  }
  return nouns;
}

function tableOf(root: string, split: string): string {
  const tables = readdirSync(root).filter(
    (file) => /_seg_.*\.csv$/.test(file) && !/_noun_labels\.csv$/.test(file),
  );
  const matching = tables.filter((file) => file.endsWith(`_${split}.csv`));
  if (matching.length === 1) return join(root, matching[0]!);
  if (tables.length === 0)
    throw datasetError(
      root,
      'there is no table of segments',
      'It is called e.g. Valid_seg_top20_100_val.csv.',
    );
  throw new FepError('FEP_USAGE', `${matching.length} tables in ${root} are of a split ${split}.`, {
    hint: `A split is the end of a table's name; there are ${tables.join(', ')}.`,
  });
}

async function readTable(root: string, table: string, nouns: string[], log: ProblemLog): Promise<Entry[]> {
  const info = await readVideoInfo(root);
  const videos = { root, finder: new ClipFinder(), rates: new VideoRates(), info };
  const segments = await readSegments(table, log);
  return segments.map((segment) => entry(videos, segment, nouns));
}

function entry(videos: Videos, segment: Segment, nouns: string[]): Entry {
  const { id, video, noun, nounLabel, boxes } = segment;
  return {
    id,
    label: noun,
    check: async () => {
      if (nouns[nounLabel] !== noun)
        return `its label is ${nounLabel}, that of ${noun} is ${nouns.indexOf(noun)}`;
      const frames = await findFrames(videos, segment).catch((error) => problemOf(id, error).message);
      return typeof frames === 'string' ? frames : badBox(boxes, videos.info.get(video)?.size);
    },
    read: async (input, options = {}) => readSegment(videos, segment, input, options),
  };
}
