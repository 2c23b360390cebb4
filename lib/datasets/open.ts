import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { FepError } from '../errors/fepError';
import { requireString } from '../options/requireArguments';
import { openEpicObject } from './epic-object/dataset';
import { openFolder } from './folder/dataset';
import { checkOptions, type DatasetOptions } from './options';
import { withOrigin } from './origin';
import { ProblemLog } from './problems';
import { selectSamples } from './selectSamples';
import type { DatasetReader } from './source';
import { openSynthetic } from './synthetic/dataset';
import type { Dataset } from './types';
import { openUcf101 } from './ucf101-24/dataset';

const READERS = new Map<string, DatasetReader>([
  ['ucf101-24', openUcf101],
  ['epic-object', openEpicObject],
  ['folder', openFolder],
]);

/**
 * Opens a data set: reads its lists and looks that what they name is there. Clips are read one by one later, by
 * each sample's `read`.
 *
 * @param spec `synthetic`, `ucf101-24:PATH`, `epic-object:PATH`, `folder:PATH`, or the path of a folder or manifest
 * @throws FepError `FEP_USAGE` for options or a spec that make no sense, `FEP_DATASET` naming the first sample that
 *   cannot be used (with `skipErrors` only when a whole list cannot), `FEP_IO` when nothing is at the path,
 *   `FEP_ABORTED`
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

/** The data set as it is found from any folder. @throws FepError as `openDataset` */
export function absoluteSpec(spec: string): string {
  const { kind, path } = parseSpec(spec);
  return path === '' ? kind : `${kind}:${resolve(path)}`;
}

function parseSpec(spec: string): { reader: DatasetReader; kind: string; path: string } {
  if (spec === 'synthetic') return { reader: openSynthetic, kind: spec, path: '' };
  const [, kind = '', path = ''] = /^([a-z0-9-]+):(.*)$/s.exec(spec) ?? [];
  const reader = READERS.get(kind);
  if (reader && path !== '') return { reader, kind, path: existing(path) };
  if (reader || (kind && !existsSync(spec))) throw unknownSpec(spec);
  return { reader: openFolder, kind: 'folder', path: existing(spec) };
}

function existing(path: string): string {
  if (existsSync(path)) return path;
  throw new FepError('FEP_IO', `There is no data set at ${path}.`, { hint: SPECS });
}

const SPECS =
  'Give synthetic, ucf101-24:PATH, epic-object:PATH, folder:PATH, or the path of a folder or manifest.';

function unknownSpec(spec: string): FepError {
  return new FepError('FEP_USAGE', `${spec} names no data set.`, { hint: SPECS });
}
