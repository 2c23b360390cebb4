import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { FepError, messageOf } from '../errors/fepError';
import { keepOnExit, removeOnExit } from './removeOnExit';
import { renameOver } from './renameOver';
import { hostTag, isAlive } from './staging';

/**
 * Writes a file completely or not at all: `write` fills a temporary file in the same folder, which then replaces
 * `path`. The temporary file has the same extension and is removed on failure.
 *
 * @throws FepError the one that `write` threw, else `FEP_IO`
 */
export async function writeAtomically(path: string, write: (temporary: string) => Promise<unknown>) {
  const temporary = temporaryName(path);
  removeOnExit(temporary);
  try {
    await mkdir(dirname(temporary), { recursive: true });
    await write(temporary);
    await renameOver(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    if (error instanceof FepError) throw error;
    throw new FepError('FEP_IO', `${path} could not be written: ${messageOf(error)}`, {
      cause: error,
      hint: 'Check that the folder exists, that it may be written to and that the disk is not full.',
    });
  } finally {
    keepOnExit(temporary);
  }
}

/** Matches the names that `temporaryName` makes; captures host and process id. */
const TEMPORARY = /^\..+\.(\w+)\.(\d+)\.[0-9a-f]{8}(?:\.\w+)?$/;

/**
 * Removes the temporary files that killed processes of this machine left in a folder; with `recursive`, in its
 * subfolders too.
 */
export async function removeAbandoned(folder: string, { recursive = false } = {}): Promise<void> {
  const names = await readdir(folder, { recursive });
  const abandoned = names.filter((name) => isAbandoned(basename(name)));
  await Promise.all(abandoned.map((name) => rm(join(folder, name), { force: true })));
}

function isAbandoned(name: string): boolean {
  const [, host, pid] = TEMPORARY.exec(name) ?? [];
  return host === hostTag() && !isAlive(Number(pid));
}

function temporaryName(path: string): string {
  const extension = extname(path);
  const name = `.${basename(path, extension)}.${hostTag()}.${process.pid}.${randomBytes(4).toString('hex')}${extension}`;
  return join(dirname(resolve(path)), name);
}
