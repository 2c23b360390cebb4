import { type ReadClipOptions, readClip } from '../../clip/readClip';
import type { Clip } from '../../clip/types';
import { findSample, sampleIn } from '../../datasets/findSample';
import { openDataset } from '../../datasets/open';
import type { AnnotatedClip, Dataset, Sample } from '../../datasets/types';
import type { ModelInput } from '../../manifest/manifest';
import { defined } from '../../options/defined';
import type { HostClip } from '../clips/clipLibrary';
import type { LocatedSample } from '../clips/dataLibrary';
import { Remembered } from '../remembered';
import { clipProblem } from './clipProblem';

/** The last clips stay in memory, so that asking again does not decode again. */
const last = new Remembered<AnnotatedClip>(3);

/** Reads a clip, or takes it from the last ones. */
export function readHostClip(clip: HostClip, input: ModelInput): Promise<AnnotatedClip> {
  return last.get(JSON.stringify(clip), () => read(clip, input));
}

async function read({ where, start, end }: HostClip, input: ModelInput): Promise<AnnotatedClip> {
  if ('path' in where)
    return { clip: await readFile(where.path, input, defined({ start, end })), boxes: null };
  const sample = await sampleOf(where);
  return sample.read(input, {});
}

function readFile(path: string, input: ModelInput, range: ReadClipOptions): Promise<Clip> {
  return readClip(path, input, range).catch((error: unknown) => {
    throw clipProblem(error, path);
  });
}

/** Data sets whose lists were read: one of many clips takes seconds. */
const opened = new Remembered<Dataset>(64);

async function sampleOf({ data, sample }: LocatedSample): Promise<Sample> {
  if (data === 'synthetic') return findSample(data, sample, {}); // which has as many samples as are asked for
  return sampleIn(await opened.get(data, () => openDataset(data, { skipErrors: true })), sample);
}
