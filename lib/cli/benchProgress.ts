import { SingleBar } from 'cli-progress';
import type { BenchProgress } from '../bench/settings/types';
import { duration } from './duration';
import { announce } from './during';
import { isAnimated, type OutputOptions } from './output';

export interface BenchView {
  update(progress: BenchProgress): void;
  /** Prints a line above the bar. */
  remark(line: string): void;
  stop(): void;
}

/** Shows the progress of a bench: a bar on a terminal, periodic lines elsewhere, nothing with `quiet`. */
export function benchProgress(flags: OutputOptions): BenchView {
  if (flags.quiet) return { update: () => undefined, remark: () => undefined, stop: () => undefined };
  return withNotices(isAnimated() ? bar() : lines(), flags);
}

/** Adds notices of the work before the first item and after the last one. */
function withNotices({ update, remark, stop }: BenchView, flags: OutputOptions): BenchView {
  let end = announce('opening the data and the models', flags);
  return {
    update(progress) {
      end();
      update(progress);
      if (progress.done < progress.total) return;
      stop();
      end = announce('writing tables and pages', flags);
    },
    remark(line) {
      end();
      remark(line);
    },
    stop() {
      end();
      stop();
    },
  };
}

function bar(): BenchView {
  const view = new SingleBar({
    stream: process.stderr,
    format: '{bar} {value}/{total}  {now}  ETA {left}',
    barCompleteChar: '━',
    barIncompleteChar: '─',
    barsize: 24,
    hideCursor: true,
  });
  return {
    update(progress) {
      if (!view.isActive) view.start(progress.total, progress.done, { now: '', left: '' });
      view.update(progress.done, { now: nowAt(progress), left: duration(progress.secondsLeft) });
    },
    remark(line) {
      if (view.isActive) view.stop(); // the next update starts a new bar below the line
      process.stderr.write(`${line}\n`);
    },
    stop: () => view.stop(),
  };
}

/** Interval between two log lines. */
const LINE_EVERY_MS = 5000;

function lines(): BenchView {
  let last = Number.NEGATIVE_INFINITY;
  return {
    update(progress) {
      const { done, total, secondsLeft } = progress;
      if (performance.now() - last < LINE_EVERY_MS && done < total) return;
      last = performance.now();
      process.stderr.write(`${done}/${total}  ${nowAt(progress)}  ETA ${duration(secondsLeft)}\n`);
    },
    remark: (line) => process.stderr.write(`${line}\n`),
    stop: () => undefined,
  };
}

function nowAt({ model, sample, method, fraction }: BenchProgress): string {
  return `${model} · ${sample} · ${method} ${Math.round(100 * fraction)} %`;
}
