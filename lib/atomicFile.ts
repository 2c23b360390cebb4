import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { FepError, messageOf } from './errors';

/** Temporary files of this moment: an exit in between removes them. */
const unfinished = new Set<string>();

/**
 * Writes a file whole or not at all: `write` fills a temporary name in the same folder, which then takes the
 * place of `path`. The temporary name keeps the extension and is removed when anything fails.
 *
 * @throws FepError whatever `write` threw if that was one, else `FEP_IO`
 */
export async function writeAtomically(path: string, write: (temporary: string) => Promise<unknown>) {
  const temporary = temporaryName(path);
  if (unfinished.size === 0) process.once('exit', removeUnfinished);
  unfinished.add(temporary);
  try {
    await mkdir(dirname(temporary), { recursive: true });
    await write(temporary);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    if (error instanceof FepError) throw error;
    throw new FepError('FEP_IO', `${path} could not be written: ${messageOf(error)}`, {
      cause: error,
      hint: 'Check that the folder exists, that it may be written to and that the disk is not full.',
    });
  } finally {
    unfinished.delete(temporary);
    if (unfinished.size === 0) process.off('exit', removeUnfinished);
  }
}

function removeUnfinished(): void {
  for (const temporary of unfinished) rmSync(temporary, { force: true });
}

function temporaryName(path: string): string {
  const extension = extname(path);
  const name = `.${basename(path, extension)}.${process.pid}.${randomBytes(4).toString('hex')}${extension}`;
  return join(dirname(resolve(path)), name);
}
