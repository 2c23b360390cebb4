import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DatasetPart, SampleOrigin } from '../clip/origin';
import { FepError } from '../errors/fepError';
import { requireString } from '../options/requireArguments';
import { openEpicObject } from './epic-object/dataset';
import { openFolder } from './folder/dataset';
import { DATASET_KINDS, DATASET_SPEC_LIST, type DatasetKind } from './kinds';
import { checkOptions, type DatasetOptions } from './options';
import { ProblemLog } from './problems';
import { selectSamples } from './selectSamples';
import type { DatasetReader } from './source';
import { openSynthetic } from './synthetic/dataset';
import type { Dataset, Sample } from './types';
import { openUcf101 } from './ucf101-24/dataset';

const READERS: Record<DatasetKind, DatasetReader> = {
  synthetic: openSynthetic,
  'ucf101-24': openUcf101,
  'epic-object': openEpicObject,
  folder: openFolder,
};

function isKind(name: string): name is DatasetKind {
  return Object.hasOwn(DATASET_KINDS, name);
}

/**
 * Opens a data set: reads its lists and checks that the listed files exist. Clips are read later, one at a time, by
 * the `read` of each sample.
 *
 * @param spec `synthetic`, `ucf101-24:PATH`, `epic-object:PATH`, `folder:PATH`, or the path of a folder or manifest
 * @throws FepError `FEP_USAGE` for an invalid option or spec, `FEP_DATASET` naming the first unusable sample (with
 *   `skipErrors`, only if a whole list is unusable), `FEP_IO` if the path does not exist, `FEP_ABORTED`
 */
export async function openDataset(spec: string, options: DatasetOptions = {}): Promise<Dataset> {
  requireString(spec, 'the data set');
  const checked = checkOptions(options);
  const { reader, path } = parseSpec(spec);
  const log = new ProblemLog(checked.skipErrors);
  const source = await reader(path, checked, log);
  const samples = await selectSamples(source, checked, log);
  const { name, classes, part } = source;
  const data = absoluteSpec(spec);
  const found = samples.map((sample) => withOrigin(sample, data, part));
  return { name, classes, samples: found, problems: log.problems };
}

/** Wraps a sample so that its clips carry their origin. */
function withOrigin({ id, label, read }: Sample, data: string, part: DatasetPart): Sample {
  const origin: SampleOrigin = { data, id, label, ...part };
  return {
    id,
    label,
    read: async (input, options) => {
      const annotated = await read(input, options);
      return { ...annotated, clip: { ...annotated.clip, sample: origin } };
    },
  };
}

/**
 * The spec with an absolute path, valid in any working directory.
 *
 * @throws FepError as `openDataset`
 */
export function absoluteSpec(spec: string): string {
  const { kind, path } = parseSpec(spec);
  return path === '' ? kind : `${kind}:${resolve(path)}`;
}

function parseSpec(spec: string): { reader: DatasetReader; kind: DatasetKind; path: string } {
  if (spec === 'synthetic') return { reader: READERS.synthetic, kind: spec, path: '' };
  const [, name = '', path = ''] = /^([a-z0-9-]+):(.*)$/s.exec(spec) ?? [];
  const known = isKind(name) && DATASET_KINDS[name].hasPath;
  if (known && path !== '') return { reader: READERS[name], kind: name, path: existing(path) };
  if (known || (name && !existsSync(spec))) throw unknownSpec(spec);
  return { reader: openFolder, kind: 'folder', path: existing(spec) };
}

function existing(path: string): string {
  if (existsSync(path)) return path;
  throw new FepError('FEP_IO', `There is no data set at ${path}.`, { hint: SPECS });
}

const SPECS = `Give ${DATASET_SPEC_LIST}, or the path of a folder or manifest.`;

function unknownSpec(spec: string): FepError {
  return new FepError('FEP_USAGE', `${spec} names no data set.`, { hint: SPECS });
}
