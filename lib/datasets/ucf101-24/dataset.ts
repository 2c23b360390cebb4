import { join, resolve } from 'node:path';
import { badBox } from '../annotation';
import { ClipFinder, findFile } from '../findClip';
import type { CheckedOptions } from '../options';
import { readPickle } from '../pickle/readPickle';
import { datasetError, type ProblemLog } from '../problems';
import { readAnnotated } from '../readAnnotated';
import type { DatasetSource, Entry } from '../source';
import { UCF101_24_CLASSES } from './classes';
import { listName, parseName, readSplitList, type VideoName } from './splitList';
import { DRAWN_ON, parseVideo, uniteTubes, videosOf } from './tubes';

/** Locations of the lists: beside the data, or as in the annotations' repository. */
const LISTS = ['.', 'splitfiles'];

/**
 * UCF101-24: the 24 classes of UCF101 for which Singh et al. (2017) corrected the boxes of the actors.
 *
 *     PATH/UCF-101/<Class>/<video>.avi   or PATH/<Class>/…, or all videos in PATH itself; other formats and frame
 *                                        folders with all frames are accepted
 *     PATH/pyannot.pkl                   the annotations (or in PATH/splitfiles)
 *     PATH/testlist01.txt                the list of the split (or in PATH/splitfiles): Class/video[.avi] [number]
 *
 * The annotations are a Python pickle of `{"<Class>/<video>": {numf, label, annotations: [{label, sf, ef,
 * boxes}]}}`. All tubes of a video are merged; frames outside every tube are not annotated. A listed video that is
 * not in the pickle is a sample without boxes. Ids are the names of the videos.
 *
 * @throws FepError `FEP_DATASET` if the annotations or the list cannot be read, `FEP_USAGE` for an unknown split
 */
export async function openUcf101(
  path: string,
  { split = 'test' }: CheckedOptions,
  log: ProblemLog,
): Promise<DatasetSource> {
  const root = resolve(path);
  const pickle = requireFile('pyannot.pkl', root);
  const videos = videosOf(await readPickle(pickle), pickle);
  const names =
    split === 'all'
      ? [...videos.keys()].sort().flatMap((key) => parseName(key) ?? [])
      : await readSplitList(requireFile(listName(split), root), log);
  const finder = new ClipFinder();
  const entries = names.map((name) => {
    const annotation = videos.get(`${name.label}/${name.video}`);
    return entry(name, () => finder.find(name.video, placesOf(root, name)), annotation);
  });
  return { name: 'ucf101-24', classes: UCF101_24_CLASSES, entries, part: { split } };
}

function requireFile(name: string, root: string): string {
  const places = LISTS.map((folder) => join(root, folder));
  const file = findFile(name, places);
  if (file) return file;
  throw datasetError(root, `there is no ${name}`, `It was looked for in ${places.join(' and ')}.`);
}

function placesOf(root: string, { label }: VideoName): string[] {
  return [join(root, 'UCF-101', label), join(root, label), root];
}

function entry({ label, video }: VideoName, find: () => string | undefined, annotation: unknown): Entry {
  const parsed = () => parseVideo(annotation, UCF101_24_CLASSES.indexOf(label));
  return {
    id: video,
    label,
    check: async () => {
      if (find() === undefined) return `there is no video ${label}/${video}.avi`;
      if (annotation === undefined) return undefined;
      const known = parsed();
      if (typeof known === 'string') return known;
      return badBox(uniteTubes(known).boxes, DRAWN_ON);
    },
    read: (input, options = {}) => {
      const known = annotation === undefined ? undefined : parsed();
      const tubes = typeof known === 'object' ? uniteTubes(known) : null;
      return readAnnotated(video, find()!, tubes, input, options);
    },
  };
}
