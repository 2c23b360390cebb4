import { readFile, stat, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { cudaFacts } from '../binding/cuda';
import { versions } from '../binding/versions';
import { writeAtomically } from '../files/atomicFile';
import { sha256OfText } from '../files/sha256';
import { userCacheDir } from '../package/cache';
import { type ModelForm, modelFormSchema } from './modelForm';

/** All that decides which form of a model is fastest. */
export interface FormQuestion {
  path: string;
  input: { layout: string; frames: number; height: number; width: number };
  device: string;
  precision: string;
  threads: number;
}

/** The form that was found fastest here before; none where nothing was measured, or the note cannot be read. */
export async function rememberedForm(question: FormQuestion): Promise<ModelForm | undefined> {
  try {
    return modelFormSchema.parse(JSON.parse(await readFile(await noteOf(question), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Notes the fastest form. A cache that cannot be written to costs a measurement per start, and is no reason to fail. */
export async function rememberForm(question: FormQuestion, form: ModelForm): Promise<void> {
  try {
    const path = await noteOf(question);
    await writeAtomically(path, (temporary) => writeFile(temporary, JSON.stringify(form)));
  } catch {}
}

async function noteOf({ path, input, ...rest }: FormQuestion): Promise<string> {
  const { size, mtimeMs } = await stat(path);
  const { layout, frames, height, width } = input;
  const { node: _, ...made } = versions();
  const machine = rest.device === 'cpu' ? cpus()[0]?.model : cudaFacts();
  const choices = Object.keys(modelFormSchema.shape);
  const question = { path, size, mtimeMs, layout, frames, height, width, ...rest, machine, made, choices };
  return join(userCacheDir(), 'forms', `${sha256OfText(JSON.stringify(question)).slice(0, 32)}.json`);
}
