import { mkdir } from 'node:fs/promises';
import { FepError, messageOf } from '../errors/fepError';

/**
 * Creates a folder for results, including its parents.
 *
 * @throws FepError `FEP_IO`
 */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw new FepError('FEP_IO', `The folder ${folder} could not be made: ${messageOf(cause)}`, {
      cause,
      hint: 'Give another --out.',
    });
  });
}
