import type { FoundModel } from '../model/findModel';
import type { LoadModelOptions } from '../model/loadModel';
import { announceSteps } from './during';
import { loadOptions, type ModelFlags } from './modelOptions';
import type { OutputOptions } from './output';

/** A command's model, and the options of loading its file. */
export interface FoundFile {
  found: FoundModel;
  load: LoadModelOptions;
}

/** The file and the manifest of a command's model; a source of another library is imported, which is announced. */
export async function findModelFile(
  model: string,
  flags: ModelFlags & OutputOptions,
  signal: AbortSignal,
): Promise<FoundFile> {
  const { findModel, optionsOfImported } = await import('../model/findModel.js');
  const { isSource } = await import('../import/source.js');
  const steps = announceSteps(flags);
  const options = loadOptions(flags);
  const found = await findModel(model, { ...options, signal, onStep: steps.next }).finally(steps.end);
  return { found, load: isSource(model) ? optionsOfImported(options) : options };
}

/** What loading the model is announced as. */
export function loading({ tune }: ModelFlags): string {
  return tune
    ? 'loading the model and finding its fastest form, in about a minute at most'
    : 'loading the model';
}
