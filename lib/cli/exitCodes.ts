import { CommanderError } from 'commander';
import { FepError, type FepErrorCode } from '../errors';

export const EXIT = { done: 0, failed: 1, usage: 2, environment: 3, tryAgain: 75, interrupted: 130 } as const;

/** Codes that say: the command is right, this machine lacks something. */
const ENVIRONMENT: readonly FepErrorCode[] = [
  'FEP_LIBTORCH_NOT_FOUND',
  'FEP_VERSION_MISMATCH',
  'FEP_ADDON_LOAD',
  'FEP_CUDA_UNAVAILABLE',
  'FEP_DECODER_MISSING',
  'FEP_MODEL_NOT_FOUND',
  'FEP_DOWNLOAD',
];

/** What another try, elsewhere or later, may get past: a disk, a network, a neighbour that takes the memory. */
const MAY_PASS: readonly FepErrorCode[] = ['FEP_IO', 'FEP_DOWNLOAD', 'FEP_OUT_OF_MEMORY', 'FEP_CUDA_OOM'];

/** Whether a scheduler should try a shard that ended so once more; the exit code is then `tryAgain`. */
export function mayPass(error: unknown): boolean {
  return error instanceof FepError && MAY_PASS.includes(error.code);
}

/** The exit code for whatever ended a command. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (!(error instanceof FepError)) return EXIT.failed;
  if (error.code === 'FEP_ABORTED') return EXIT.interrupted;
  if (error.code === 'FEP_USAGE') return EXIT.usage;
  return ENVIRONMENT.includes(error.code) ? EXIT.environment : EXIT.failed;
}
