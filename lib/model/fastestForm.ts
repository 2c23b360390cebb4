import { stat } from 'node:fs/promises';
import { cpus } from 'node:os';
import { cudaFacts } from '../binding/cuda';
import { versions } from '../binding/versions';
import { keep, keptFile, readKept } from '../package/keptJson';
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
export function readFastestForm(key: FormKey): Promise<ModelForm | undefined> {
  return readKept(cacheFileOf(key), modelFormSchema);
}

/** Caches the fastest form. Ignores a failed write, which only costs a new measurement at the next start. */
export function cacheFastestForm(key: FormKey, form: ModelForm): Promise<void> {
  return keep(cacheFileOf(key), form);
}

async function cacheFileOf({ path, input, ...rest }: FormKey): Promise<string> {
  const { size, mtimeMs } = await stat(path);
  const { layout, frames, height, width } = input;
  const { node: _, ...made } = versions();
  const machine = rest.device === 'cpu' ? cpus()[0]?.model : cudaFacts();
  const choices = Object.keys(modelFormSchema.shape);
  const content = { path, size, mtimeMs, layout, frames, height, width, ...rest, machine, made, choices };
  return keptFile('forms', content);
}
