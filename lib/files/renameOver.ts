import { rename } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Error codes of Windows where another program has the file open. Virus scanners open each new file for a moment. */
const BUSY = ['EPERM', 'EACCES', 'EBUSY'];
const ATTEMPTS = 10;
const FIRST_WAIT_MS = 20;

/**
 * Renames a file, over another if there is one; tries again for about 10 s where Windows says that one of them is in use.
 *
 * @param platform whose rules apply
 * @param move what renames, for tests
 */
export async function renameOver(
  from: string,
  to: string,
  platform: NodeJS.Platform = process.platform,
  move: typeof rename = rename,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await move(from, to);
    } catch (error) {
      const busy = platform === 'win32' && BUSY.includes((error as NodeJS.ErrnoException).code ?? '');
      if (!busy || attempt === ATTEMPTS) throw error;
      await sleep(FIRST_WAIT_MS * 2 ** (attempt - 1));
    }
  }
}
