import { duration } from './duration';
import { isAnimated, type OutputOptions } from './output';

/** Work that finishes sooner is not announced. */
const NOTICE_DELAY_MS = 2000;

/** Runs work without progress reports, such as loading a model, and announces it if it takes long. */
export async function during<T>(what: string, flags: OutputOptions, work: () => Promise<T>): Promise<T> {
  const stop = announce(what, flags);
  try {
    return await work();
  } finally {
    stop();
  }
}

/**
 * Announces work that takes longer than two seconds: on a terminal by a temporary line with the elapsed time, elsewhere
 * by one line, not at all with `quiet`.
 *
 * @returns ends the announcement; call it when the work is done
 */
export function announce(what: string, { quiet }: OutputOptions): () => void {
  if (quiet) return () => undefined;
  return isAnimated() ? clock(what) : note(what);
}

/** Announces work that tells of its steps: each as `announce` does, while it lasts. */
export function announceSteps(flags: OutputOptions): { next(step: string): void; end(): void } {
  let end: () => void = () => undefined;
  return {
    next(step) {
      end();
      end = announce(step, flags);
    },
    end: () => end(),
  };
}

function note(what: string): () => void {
  const timer = setTimeout(() => process.stderr.write(`${what} …\n`), NOTICE_DELAY_MS);
  return () => clearTimeout(timer);
}

function clock(what: string): () => void {
  const start = performance.now();
  let isShown = false;
  const timer = setInterval(() => {
    const spent = performance.now() - start;
    if (spent < NOTICE_DELAY_MS) return;
    isShown = true;
    process.stderr.write(`\r\x1b[2K${what} …  ${duration(spent / 1000)}`);
  }, 500);
  return () => {
    clearInterval(timer);
    if (isShown) process.stderr.write('\r\x1b[2K');
  };
}
