import { type ReadClipOptions, readClip } from '../../clip/readClip';
import type { Clip } from '../../clip/types';
import { findSample, sampleIn } from '../../datasets/findSample';
import { openDataset } from '../../datasets/open';
import type { AnnotatedClip, Dataset, Sample } from '../../datasets/types';
import type { ModelInput } from '../../manifest/manifest';
import { defined } from '../../options/defined';
import type { LocatedSample } from '../clips/dataLibrary';
import { clipProblem } from './clipProblem';
import type { HostClip } from './messages';

/** Clips that stay in memory, so that asking again does not decode again. */
const KEPT = 3;
const kept = new Map<string, Promise<AnnotatedClip>>();

/** Reads a clip, or takes it from the last ones. */
export function readHostClip(clip: HostClip, input: ModelInput): Promise<AnnotatedClip> {
  const key = JSON.stringify(clip);
  const known = kept.get(key);
  if (known) return known;
  const reading = read(clip, input);
  kept.set(key, reading);
  reading.catch(() => kept.delete(key));
  if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
  return reading;
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
const opened = new Map<string, Promise<Dataset>>();

async function sampleOf({ data, sample }: LocatedSample): Promise<Sample> {
  if (data === 'synthetic') return findSample(data, sample, {}); // which has as many samples as are asked for
  const opening = opened.get(data) ?? openDataset(data, { skipErrors: true });
  opened.set(data, opening);
  opening.catch(() => opened.delete(data));
  return sampleIn(await opening, sample);
}
