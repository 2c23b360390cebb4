import type { FoundModel } from '../model/findModel';
import { announceSteps } from './during';
import { loadOptions, type ModelFlags } from './modelOptions';
import type { OutputOptions } from './output';

/** The file and the manifest of a command's model; a source of another library is imported, which is announced. */
export async function findModelFile(
  model: string,
  flags: ModelFlags & OutputOptions,
  signal: AbortSignal,
): Promise<FoundModel> {
  const { findModel } = await import('../model/findModel.js');
  const steps = announceSteps(flags);
  return findModel(model, { ...loadOptions(flags), signal, onStep: steps.next }).finally(steps.end);
}

/** What loading the model is announced as. */
export function loading({ tune }: ModelFlags): string {
  return tune
    ? 'loading the model and finding its fastest form, in about a minute at most'
    : 'loading the model';
}
