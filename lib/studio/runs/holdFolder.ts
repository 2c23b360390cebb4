import { join } from 'node:path';
import { FepError } from '../../errors/fepError';
import { withLock } from '../../files/lock';

/** Longer than it takes to find that the last holder is dead. */
const WAIT_MS = 1500;

/**
 * Holds a folder for one studio: a second one would mark the runs of the first as interrupted.
 *
 * @returns lets it go
 * @throws FepError `FEP_USAGE` where another studio has it
 */
export function holdFolder(folder: string): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const held = () => new Promise<void>((release) => resolve(release));
    const signal = AbortSignal.timeout(WAIT_MS);
    withLock(join(folder, '.studio.lock'), held, { signal }).catch((error: unknown) => {
      if (!(error instanceof FepError) || error.code !== 'FEP_ABORTED') return reject(error);
      reject(
        new FepError('FEP_USAGE', `Another studio keeps its runs in ${folder}.`, {
          hint: 'Use its window, or give another --folder.',
        }),
      );
    });
  });
}
