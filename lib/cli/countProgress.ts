import { SingleBar } from 'cli-progress';
import { duration } from './duration';
import { isAnimated, type OutputOptions } from './output';

export interface CountView {
  update(done: number): void;
  stop(): void;
}

/** Interval between two log lines. */
const LINE_EVERY_MS = 2000;

/** Shows how many of `total` things are done: a bar on a terminal, periodic lines elsewhere, nothing with `quiet`. */
export function countProgress(total: number, things: string, { quiet }: OutputOptions): CountView {
  if (quiet) return { update: () => undefined, stop: () => undefined };
  return isAnimated() ? bar(total, things) : lines(total, things);
}

function bar(total: number, things: string): CountView {
  const view = new SingleBar({
    stream: process.stderr,
    format: `{bar} {value}/{total} ${things}  ETA {eta_formatted}`,
    barCompleteChar: '━',
    barIncompleteChar: '─',
    barsize: 24,
    hideCursor: true,
  });
  view.start(total, 0);
  return { update: (done) => view.update(done), stop: () => view.stop() };
}

function lines(total: number, things: string): CountView {
  const start = performance.now();
  let last = start;
  return {
    update(done) {
      const now = performance.now();
      if (now - last < LINE_EVERY_MS) return;
      last = now;
      const left = ((now - start) / 1000 / done) * (total - done);
      process.stderr.write(`${done}/${total} ${things}  ETA ${duration(left)}\n`);
    },
    stop: () => undefined,
  };
}
