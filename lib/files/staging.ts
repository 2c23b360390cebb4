import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

const PREFIX = '.tmp-';
const DAY = 24 * 3600 * 1000;

/**
 * Creates a folder for an install in progress, on the same file system as the finished ones so that it can be
 * renamed into place. Its name starts with a dot (searches skip it) and contains host and process id.
 */
export function makeStaging(folder: string): Promise<string> {
  return mkdtemp(join(folder, `${PREFIX}${ownerTag()}-`));
}

/** Removes the folders that killed installs left behind. */
export async function removeStaleStaging(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    if (name.startsWith(PREFIX) && (await isStale(path, name)))
      await rm(path, { recursive: true, force: true });
  }
}

/** A name in the same folder for something to be deleted. */
export function discardName(folder: string): string {
  return join(folder, `${PREFIX}${ownerTag()}-${randomBytes(4).toString('hex')}`);
}

/** Whether a process with this id runs on this machine. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The host name in the form used in file names, since a cache may be shared between machines. */
export function hostTag(): string {
  return hostname().replaceAll(/[^A-Za-z0-9]/g, '_') || 'host';
}

function ownerTag(): string {
  return `${hostTag()}-${process.pid}`;
}

async function isStale(path: string, name: string): Promise<boolean> {
  const [host, pid] = name.slice(PREFIX.length).split('-');
  if (host === hostTag() && !isAlive(Number(pid))) return true;
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: 0 }));
  return Date.now() - mtimeMs > DAY;
}
