import type { FoundModel } from '../model/findModel';
import type { Tuning } from '../model/loadModel';
import type { VideoModel } from '../model/videoModel';
import { emulatesBfloat16 } from '../system/emulatesBfloat16';
import { duration } from './duration';
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

const EMULATED = ' in bfloat16, which this processor emulates: float32 is many times faster';

/** Loads a command's model, which is announced, as is the search for its fastest form. */
export async function loadAnnounced(
  file: string,
  flags: ModelFlags & OutputOptions,
  signal: AbortSignal,
): Promise<VideoModel> {
  const { loadModel, resolveDevice } = await import('../model/loadModel.js');
  const steps = announceSteps(flags);
  const isEmulated =
    flags.precision === 'bfloat16' && emulatesBfloat16() && resolveDevice(flags.device) === 'cpu';
  steps.next(`loading the model${isEmulated ? EMULATED : ''}`);
  const onTuning = (tuning: Tuning) => steps.next(describeTuning(tuning));
  return loadModel(file, { ...loadOptions(flags), signal, onTuning }).finally(steps.end);
}

function describeTuning({ gain, seconds, mostSeconds }: Tuning): string {
  const found = gain > 1 ? `; ${gain.toFixed(2)}× as fast as exported so far` : '';
  const spent = seconds > 0 ? `, ${duration(seconds)} of ${duration(mostSeconds)} at most` : '';
  return `finding the model's fastest form${spent}${found}`;
}
