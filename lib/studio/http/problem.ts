import { FepError, type FepErrorCode, messageOf } from '../../errors/fepError';
import type { Problem } from '../api';
import { diskProblem } from './diskProblem';

/** A request that is answered with a status of its own. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly hint: string,
  ) {
    super(message);
    this.name = 'Refusal';
  }
}

const STATUS: Partial<Record<FepErrorCode, number>> = {
  FEP_USAGE: 400,
  FEP_SHAPE: 400,
  FEP_CLIP_DECODE: 422,
  FEP_DATASET: 422,
  FEP_MODEL_LOAD: 422,
  FEP_MODEL_OUTPUT: 422,
  FEP_MODEL_REFERENCE: 422,
  FEP_MODEL_GRADIENT: 422,
  FEP_CLIP_NOT_FOUND: 404,
  FEP_MODEL_NOT_FOUND: 404,
  FEP_ABORTED: 409,
  FEP_OUT_OF_MEMORY: 503,
  FEP_CUDA_OOM: 503,
  FEP_LIBTORCH_NOT_FOUND: 503,
  FEP_ADDON_LOAD: 503,
};

/** What went wrong, as the page is told. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Refusal) return { code: 'FEP_USAGE', message: error.message, hint: error.hint };
  const ofDisk = diskProblem(error);
  if (ofDisk) return ofDisk;
  if (error instanceof FepError) return { code: error.code, message: error.message, hint: error.hint };
  const isRefused = statusOf(error) < 500; // by Fastify: no JSON, too long, of another type
  return {
    code: isRefused ? 'FEP_USAGE' : 'FEP_INTERNAL',
    message: messageOf(error),
    hint: isRefused ? 'Correct the request and send it again.' : 'Please report this.',
  };
}

/** The status of an answer that says what went wrong. */
export function statusOf(error: unknown): number {
  if (error instanceof Refusal) return error.status;
  if (error instanceof FepError) return STATUS[error.code] ?? 500;
  const { statusCode } = error as { statusCode?: unknown };
  return typeof statusCode === 'number' && statusCode >= 400 ? statusCode : 500;
}
