import { z } from 'zod';
import { FepError, type FepErrorCode, messageOf } from '../../errors/fepError';

const reasonSchema = z.object({ code: z.string(), message: z.string(), hint: z.string().optional() });

/** Serialises an error as the failure reason of a job, which is a string. */
export function writeReason(error: unknown): string {
  const fep = error instanceof FepError ? error : undefined;
  return JSON.stringify({ code: fep?.code ?? 'FEP_INTERNAL', message: messageOf(error), hint: fep?.hint });
}

/** The error that a job failed with. Reasons of the queue itself are not JSON. */
export function readReason(reason: string): FepError {
  const parsed = reasonSchema.safeParse(parseJson(reason));
  if (!parsed.success) {
    return new FepError('FEP_INTERNAL', `its workers died repeatedly (${reason})`, {
      hint: 'See their logs for the reason, most often too little memory. --skip-errors skips the item.',
    });
  }
  const { code, message, hint } = parsed.data;
  return new FepError(code as FepErrorCode, message, hint === undefined ? {} : { hint });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
