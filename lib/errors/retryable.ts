import { FepError, type FepErrorCode } from './fepError';

/**
 * Errors that a retry, later or on another machine, may get past: disk, network, memory taken by other processes.
 */
const RETRYABLE: readonly FepErrorCode[] = [
  'FEP_IO',
  'FEP_DOWNLOAD',
  'FEP_OUT_OF_MEMORY',
  'FEP_CUDA_OOM',
  'FEP_QUEUE_UNREACHABLE',
];

/** Whether a scheduler should retry a run that failed with this error. */
export function isRetryable(error: unknown): boolean {
  return error instanceof FepError && RETRYABLE.includes(error.code);
}
