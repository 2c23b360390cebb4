import { FepError, type FepErrorCode } from './fepError';

/** What another try, elsewhere or later, may get past: a disk, a network, a neighbour that takes the memory. */
const MAY_PASS: readonly FepErrorCode[] = [
  'FEP_IO',
  'FEP_DOWNLOAD',
  'FEP_OUT_OF_MEMORY',
  'FEP_CUDA_OOM',
  'FEP_QUEUE_UNREACHABLE',
];

/** Whether a scheduler should try once more what ended so. */
export function mayPass(error: unknown): boolean {
  return error instanceof FepError && MAY_PASS.includes(error.code);
}
