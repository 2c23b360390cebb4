import { mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../errors/fepError';
import { userCacheDir } from '../package/cache';
import type { Check, DoctorOptions } from './check';

/** Whether the user's cache is writable, and the free space on its disk. */
export function checkCache({ env = process.env }: DoctorOptions = {}): Check {
  const name = 'cache';
  const folder = userCacheDir(env);
  try {
    mkdirSync(folder, { recursive: true });
    rmSync(mkdtempSync(join(folder, '.tmp-doctor-')), { recursive: true });
    const { bavail, bsize } = statfsSync(folder);
    return { name, status: 'ok', detail: `${folder}, ${((bavail * bsize) / 1e9).toFixed(1)} GB free` };
  } catch (error) {
    const fix = 'Set FEP_CACHE to a folder that you can write to.';
    return { name, status: 'warn', detail: `${folder} cannot be written to: ${messageOf(error)}`, fix };
  }
}
