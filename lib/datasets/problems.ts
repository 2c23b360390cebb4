import { FepError } from '../errors';
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
