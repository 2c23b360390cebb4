import { FepError, type FepErrorCode } from '../errors/fepError';
import type { DatasetProblem } from './types';

/** @param where the sample's id, or the file and line */
export function datasetError(where: string, message: string, hint?: string, cause?: unknown): FepError {
  return new FepError('FEP_DATASET', `${where}: ${message}`, {
    ...(hint !== undefined && { hint }),
    ...(cause !== undefined && { cause }),
  });
}

/** Problems of a data set: thrown immediately, or collected if errors are skipped. */
export class ProblemLog {
  readonly problems: DatasetProblem[] = [];

  constructor(private readonly skipErrors: boolean) {}

  /** @throws FepError `FEP_DATASET` unless errors are skipped */
  add(where: string, message: string): void {
    if (!this.skipErrors)
      throw datasetError(where, message, 'Fix it, or skip such samples with --skip-errors.');
    this.problems.push({ where, message });
  }
}

/** Codes of errors that concern one clip only. */
const SAMPLE_ERRORS: readonly FepErrorCode[] = [
  'FEP_CLIP_NOT_FOUND',
  'FEP_CLIP_DECODE',
  'FEP_DATASET',
  'FEP_IO',
  'FEP_NUMERIC',
  'FEP_SHAPE',
  'FEP_USAGE',
];

/**
 * Converts an error from reading a sample to a problem of that sample.
 *
 * @throws the error itself if the sample is not the cause: an abort, a missing decoder, a bug
 */
export function problemOf(id: string, error: unknown): DatasetProblem {
  if (error instanceof FepError && SAMPLE_ERRORS.includes(error.code))
    return { where: id, message: error.message };
  throw error;
}
