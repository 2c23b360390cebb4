import { rmSync } from 'node:fs';
import { open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { FepError, messageOf } from '../errors/fepError';
import { keepOnExit, removeOnExit } from './removeOnExit';
import { hostTag, isAlive } from './staging';

const BEAT_MS = 5_000;
const STALE_MS = 60_000;
const POLL_MS = 300;

export interface LockOptions {
  signal?: AbortSignal | undefined;
  /** Called once if another process holds the lock. */
  onWait?: (() => void) | undefined;
}

/**
 * Runs `work` while holding a lock file, so that two installs do not both download half a gigabyte, two runs of one
 * bench do not compute the same items, and the files of two explanations are not mixed.
 *
 * The lock holder touches the file every 5 s; the lock is taken over if the holder died or the file is older than
 * 60 s. In rare cases two processes take over at once, which must only cost time: an install is renamed into place,
 * and a bench counts each item once.
 *
 * @throws FepError `FEP_IO` if the lock file cannot be written, `FEP_ABORTED` if the signal fires while waiting,
 *   else whatever `work` throws
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  let notified = false;
  while (!(await acquire(path))) {
    if (!notified) options.onWait?.();
    notified = true;
    await sleep(POLL_MS, undefined, { signal: options.signal }).catch((cause) => {
      throw new FepError('FEP_ABORTED', 'Waiting for another process was stopped.', { cause });
    });
  }
  const beat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), BEAT_MS);
  beat.unref();
  removeOnExit(path);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    rmSync(path, { force: true }); // synchronous: an exit before keepOnExit would remove another process's lock
    keepOnExit(path);
  }
}

async function acquire(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(JSON.stringify({ host: hostTag(), pid: process.pid }));
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw new FepError('FEP_IO', `${path} could not be written: ${messageOf(error)}`, {
        cause: error,
        hint: 'Check that the folder exists, that it may be written to and that the disk is not full.',
      });
    }
    if (await isAbandoned(path)) await rm(path, { force: true });
    return false;
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > STALE_MS) return true;
    const { host, pid } = JSON.parse(await readFile(path, 'utf8')) as { host: string; pid: number };
    return host === hostTag() && !isAlive(pid);
  } catch {
    return false; // just removed or not written yet
  }
}
