import { FepError } from '../errors/fepError';
import { VideoModel } from '../model/videoModel';
import { requireFunction, requireObject, requireSignal } from '../options/requireArguments';
import type { ExplainCallOptions } from './types';

/** @throws FepError `FEP_USAGE` when something else than a model and options was given */
export function checkCall(model: unknown, options: unknown): void {
  if (!(model instanceof VideoModel)) {
    throw new FepError('FEP_USAGE', 'model must be what loadModel returned.');
  }
  requireObject(options, 'options');
  const { signal, onProgress, progressMasks } = options as ExplainCallOptions;
  requireSignal(signal);
  if (onProgress !== undefined) requireFunction(onProgress, 'onProgress');
  if (progressMasks !== undefined && typeof progressMasks !== 'boolean') {
    throw new FepError('FEP_USAGE', 'progressMasks must be true or false.');
  }
}
