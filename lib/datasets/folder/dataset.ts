import { existsSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { FepError } from '../../errors/fepError';
import { badBox } from '../annotation';
import type { CheckedOptions } from '../options';
import { idOfPath, resolveInside } from '../paths';
import { datasetError, type ProblemLog } from '../problems';
import { readAnnotated } from '../readAnnotated';
import type { DatasetSource, Entry } from '../source';
import { readCsvManifest } from './csvManifest';
import { readJsonManifest } from './jsonManifest';
import type { FolderManifest, ManifestClip } from './manifest';

const MANIFESTS = ['manifest.json', 'manifest.csv'];

/**
 * A folder of clips with a manifest: `manifest.json`, as `dataset synth` writes it, or `manifest.csv` (see
 * `readJsonManifest` and `readCsvManifest`). A clip is anything that `readClip` accepts; its path is relative to
 * the manifest and must stay inside its folder. Ids are derived from paths.
 *
 * @param path the folder, or the manifest itself
 * @throws FepError `FEP_DATASET`; `FEP_USAGE` for a split that the manifest does not have
 */
export async function openFolder(
  path: string,
  { split }: CheckedOptions,
  log: ProblemLog,
): Promise<DatasetSource> {
  const file = manifestOf(path);
  const manifest =
    extname(file) === '.csv' ? await readCsvManifest(file, log) : await readJsonManifest(file, log);
  const folder = dirname(resolve(file));
  const clips = clipsOfSplit(file, manifest, split);
  const classes = manifest.classes ?? [...new Set(manifest.clips.map(({ label }) => label))];
  const entries = clips.map((clip) => entry(folder, clip));
  return { name: basename(folder), classes, entries, part: split === undefined ? {} : { split } };
}

function manifestOf(path: string): string {
  if (statSync(path).isFile()) return path;
  const found = MANIFESTS.map((name) => join(path, name)).find(existsSync);
  if (found) return found;
  throw datasetError(path, 'the folder has no manifest', `It needs one of ${MANIFESTS.join(', ')}.`);
}

function clipsOfSplit(file: string, { clips }: FolderManifest, split: string | undefined): ManifestClip[] {
  if (split === undefined) return clips;
  const wanted = clips.filter((clip) => clip.split === split);
  if (wanted.length > 0) return wanted;
  const splits = [...new Set(clips.flatMap((clip) => clip.split ?? []))].join(', ');
  throw new FepError('FEP_USAGE', `${file} has no clip of a split ${split}.`, {
    hint: splits ? `Its splits are ${splits}.` : 'Its clips name no split.',
  });
}

function entry(folder: string, { path, label, boxes, frames }: ManifestClip): Entry {
  const id = idOfPath(path);
  const file = resolveInside(folder, path);
  const annotation = boxes && { boxes, ...(frames !== undefined && { frames }) };
  return {
    id,
    label,
    check: async () => {
      if (file === undefined) return `the path ${path} leads out of the data set's folder`;
      if (!existsSync(file)) return `there is no clip at ${file}`;
      return boxes ? badBox(boxes) : undefined;
    },
    read: (input, options = {}) => readAnnotated(id, file!, annotation, input, options),
  };
}
