import type { Job } from '../../binding';
import { FepError } from '../errors/fepError';
import { toFepError } from './toFepError';

/**
 * Starts a native job and waits for it.
 *
 * @param start starts the job; an exception is converted to a FepError
 * @param signal cancels the job, which then ends within one iteration
 * @throws FepError `FEP_ABORTED` when the signal fired, else the job's error
 */
export async function runJob<Result>(start: () => Job<Result>, signal?: AbortSignal): Promise<Result> {
  if (signal?.aborted) throw abortedError(signal);
  let job: Job<Result>;
  try {
    job = start();
  } catch (error) {
    throw toFepError(error);
  }
  const cancel = () => job.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    return await job.promise;
  } catch (error) {
    if (signal?.aborted) throw abortedError(signal);
    throw toFepError(error);
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

function abortedError(signal: AbortSignal): FepError {
  return new FepError('FEP_ABORTED', 'The run was stopped.', { cause: signal.reason });
}
