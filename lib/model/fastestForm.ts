import { readFile, stat, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { cudaFacts } from '../binding/cuda';
import { versions } from '../binding/versions';
import { writeAtomically } from '../files/atomicFile';
import { sha256OfText } from '../files/sha256';
import { userCacheDir } from '../package/cache';
import { type ModelForm, modelFormSchema } from './modelForm';

/** Everything that determines which form of a model is fastest. */
export interface FormKey {
  path: string;
  input: { layout: string; frames: number; height: number; width: number };
  device: string;
  precision: string;
  threads: number;
}

/** The cached fastest form; undefined if it was never measured or the cache file is unreadable. */
export async function readFastestForm(key: FormKey): Promise<ModelForm | undefined> {
  try {
    return modelFormSchema.parse(JSON.parse(await readFile(await cacheFileOf(key), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Caches the fastest form. Ignores a failed write, which only costs a new measurement at the next start. */
export async function cacheFastestForm(key: FormKey, form: ModelForm): Promise<void> {
  try {
    const path = await cacheFileOf(key);
    await writeAtomically(path, (temporary) => writeFile(temporary, JSON.stringify(form)));
  } catch {}
}

async function cacheFileOf({ path, input, ...rest }: FormKey): Promise<string> {
  const { size, mtimeMs } = await stat(path);
  const { layout, frames, height, width } = input;
  const { node: _, ...made } = versions();
  const machine = rest.device === 'cpu' ? cpus()[0]?.model : cudaFacts();
  const choices = Object.keys(modelFormSchema.shape);
  const content = { path, size, mtimeMs, layout, frames, height, width, ...rest, machine, made, choices };
  return join(userCacheDir(), 'forms', `${sha256OfText(JSON.stringify(content)).slice(0, 32)}.json`);
}
