import { duration } from './duration';
import { isAnimated, type OutputOptions } from './output';

/** What is done sooner than this needs no word. */
const PATIENCE_MS = 2000;

/** Does something that cannot say how far it is, such as loading a model, and tells people that it goes on. */
export async function during<T>(what: string, flags: OutputOptions, work: () => Promise<T>): Promise<T> {
  const stop = announce(what, flags);
  try {
    return await work();
  } finally {
    stop();
  }
}

/**
 * Tells what goes on once it has gone on for two seconds: on a terminal with the time that it took so far, in a line
 * that goes away; elsewhere by one line; not at all when quiet.
 *
 * @returns to be called when it is over
 */
export function announce(what: string, { quiet }: OutputOptions): () => void {
  if (quiet) return () => undefined;
  return isAnimated() ? clock(what) : note(what);
}

function note(what: string): () => void {
  const timer = setTimeout(() => process.stderr.write(`${what} …\n`), PATIENCE_MS);
  return () => clearTimeout(timer);
}

function clock(what: string): () => void {
  const start = performance.now();
  let isShown = false;
  const timer = setInterval(() => {
    const spent = performance.now() - start;
    if (spent < PATIENCE_MS) return;
    isShown = true;
    process.stderr.write(`\r\x1b[2K${what} …  ${duration(spent / 1000)}`);
  }, 500);
  return () => {
    clearInterval(timer);
    if (isShown) process.stderr.write('\r\x1b[2K');
  };
}
