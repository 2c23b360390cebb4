import { CommanderError } from 'commander';
import { FepError, type FepErrorCode } from '../errors/fepError';

export const EXIT = { done: 0, failed: 1, usage: 2, environment: 3, tryAgain: 75, interrupted: 130 } as const;

/** Error codes for a correct command on a machine that lacks something. */
const ENVIRONMENT: readonly FepErrorCode[] = [
  'FEP_LIBTORCH_NOT_FOUND',
  'FEP_VERSION_MISMATCH',
  'FEP_ADDON_LOAD',
  'FEP_CUDA_UNAVAILABLE',
  'FEP_DECODER_MISSING',
  'FEP_MODEL_NOT_FOUND',
  'FEP_PYTHON_NOT_FOUND',
  'FEP_DOWNLOAD',
  'FEP_QUEUE_MISSING',
  'FEP_QUEUE_UNREACHABLE',
];

/** The exit code for the error that ended a command. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (!(error instanceof FepError)) return EXIT.failed;
  if (error.code === 'FEP_ABORTED') return EXIT.interrupted;
  if (error.code === 'FEP_USAGE') return EXIT.usage;
  return ENVIRONMENT.includes(error.code) ? EXIT.environment : EXIT.failed;
}
