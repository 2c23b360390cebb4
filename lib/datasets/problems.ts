import { FepError, type FepErrorCode } from '../errors/fepError';
import type { DatasetProblem } from './types';

/** @param where the sample's id, or the file and line */
export function datasetError(where: string, message: string, hint?: string, cause?: unknown): FepError {
  return new FepError('FEP_DATASET', `${where}: ${message}`, {
    ...(hint !== undefined && { hint }),
    ...(cause !== undefined && { cause }),
  });
}

/** What is wrong with a data set: thrown at once, or collected when errors are to be skipped. */
export class ProblemLog {
  readonly problems: DatasetProblem[] = [];

  constructor(private readonly skipErrors: boolean) {}

  /** @throws FepError `FEP_DATASET` unless errors are skipped */
  add(where: string, message: string): void {
    if (!this.skipErrors)
      throw datasetError(where, message, 'Mend it, or leave such samples out with --skip-errors.');
    this.problems.push({ where, message });
  }
}

/** Codes that say: this clip cannot be used, others may. */
const OF_A_SAMPLE: readonly FepErrorCode[] = [
  'FEP_CLIP_NOT_FOUND',
  'FEP_CLIP_DECODE',
  'FEP_DATASET',
  'FEP_IO',
  'FEP_NUMERIC',
  'FEP_SHAPE',
  'FEP_USAGE',
];

/**
 * What reading a sample threw, as a problem of that sample.
 *
 * @throws the error itself when it does not lie with the sample: an interrupt, a missing decoder, a defect
 */
export function problemOf(id: string, error: unknown): DatasetProblem {
  if (error instanceof FepError && OF_A_SAMPLE.includes(error.code))
    return { where: id, message: error.message };
  throw error;
}
