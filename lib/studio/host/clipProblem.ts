import { basename } from 'node:path';
import { FepError } from '../../errors/fepError';

const HINT = 'Take a video that a player plays, a GIF or WebP, or a .npy array.';

/** Why a clip cannot be read, as a page is told: by its name, not by where this machine keeps it. */
export function clipProblem(error: unknown, path: string): unknown {
  if (!(error instanceof FepError)) return error;
  const message = error.message.replaceAll(path, basename(path));
  return new FepError(error.code, message, { cause: error, hint: error.hint ?? HINT });
}
