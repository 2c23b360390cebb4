import { z } from 'zod';
import { FepError, type FepErrorCode, messageOf } from '../../errors/fepError';

const reasonSchema = z.object({ code: z.string(), message: z.string(), hint: z.string().optional() });

/** An error as a job's reason to fail, which is one text. */
export function writeReason(error: unknown): string {
  const fep = error instanceof FepError ? error : undefined;
  return JSON.stringify({ code: fep?.code ?? 'FEP_INTERNAL', message: messageOf(error), hint: fep?.hint });
}

/** The error that a job failed with; what the queue itself has to say of a job is no JSON. */
export function readReason(reason: string): FepError {
  const parsed = reasonSchema.safeParse(parseJson(reason));
  if (!parsed.success) {
    return new FepError('FEP_INTERNAL', `its workers vanished over and over (${reason})`, {
      hint: 'See why in their logs: most often the memory is too small. --skip-errors leaves the item out.',
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
