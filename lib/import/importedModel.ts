import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { withLock } from '../files/lock';
import { makeFolder } from '../files/makeFolder';
import { sha256OfFile, sha256OfText } from '../files/sha256';
import { readManifest } from '../manifest/readManifest';
import { userCacheDir } from '../package/cache';
import { type ImportModelOptions, importWith } from './importModel';
import { type FoundPython, findPython, IMPORT_PACKAGES, importerFolder, requireTorch } from './python';
import { filesOfSource, filesUnder } from './source';

/** Where `importedModel` keeps what it imports. */
export function importedFolder(): string {
  return join(userCacheDir(), 'imported');
}

/** A model that `importedModel` keeps. */
export interface KeptImport {
  /** The name of its file in the cache. */
  file: string;
  /** As its manifest has it, and what it was made of. */
  name: string;
}

/** The models of all sources that were imported on the way before, by name. */
export async function keptImports(): Promise<KeptImport[]> {
  const entries = await readdir(importedFolder(), { withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.pt'));
  const kept = files.map(async ({ name: file }) => {
    const manifest = await readManifest(join(importedFolder(), file)).catch(() => undefined); // an older version's may not be read
    return manifest?.origin
      ? [{ file, name: `${manifest.name}, from ${shortSource(manifest.origin.source)}` }]
      : [];
  });
  return (await Promise.all(kept)).flat().sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Without the folders of a file: those of this machine are nobody else's business. */
function shortSource(source: string): string {
  return /^\w{2,}:/.test(source) ? source : basename(source);
}

/**
 * The model file of a source, imported if that has not been done yet.
 *
 * It is kept in the user's cache by the content of everything that it depends on: the files of the source and of its
 * weights, the options, the versions of the libraries, the importer.
 *
 * @returns the path of the model file
 */
export async function importedModel(source: string, options: ImportModelOptions): Promise<string> {
  const folder = importedFolder();
  const python = requireTorch(findPython(options.python));
  const path = join(folder, `${await keyOf(source, options, python)}.pt`);
  if (existsSync(path)) return path;
  await makeFolder(folder);
  const work = async () => {
    if (!existsSync(path)) await importWith(() => python, source, path, options);
  };
  await withLock(`${path}.lock`, work, { signal: options.signal });
  return path;
}

async function keyOf(
  source: string,
  { signal, onStep, python, weights, ...rest }: ImportModelOptions,
  { path, packages }: FoundPython,
): Promise<string> {
  const importer = filesUnder(join(importerFolder(), 'fep_import'));
  const contents = [];
  for (const file of [...filesOfSource(source), ...filesUnder(weights ?? ''), ...importer])
    contents.push(await sha256OfFile(file));
  const versions = IMPORT_PACKAGES.map((name) => packages[name]);
  return sha256OfText(JSON.stringify([source, rest, path, versions, contents])).slice(0, 32);
}
