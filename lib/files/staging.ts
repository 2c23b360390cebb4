import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

const PREFIX = '.tmp-';
const DAY = 24 * 3600 * 1000;

/**
 * A new folder for an install in progress, beside the finished ones so that a rename can finish it. Its name
 * starts with a dot (no search looks there) and says who works in it.
 */
export function makeStaging(folder: string): Promise<string> {
  return mkdtemp(join(folder, `${PREFIX}${ownerTag()}-`));
}

/** Removes what killed installs left behind. */
export async function removeStaleStaging(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    if (name.startsWith(PREFIX) && (await isStale(path, name)))
      await rm(path, { recursive: true, force: true });
  }
}

/** A name in the same folder for something that is to be thrown away. */
export function discardName(folder: string): string {
  return join(folder, `${PREFIX}${ownerTag()}-${randomBytes(4).toString('hex')}`);
}

/** Whether a process of this machine is alive. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The machine's name in the form it has in file names: a cache may be shared between machines. */
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
