import { SingleBar } from 'cli-progress';
import type { CompareProgress } from '../compare/compare';
import { duration } from './duration';
import { isAnimated, type OutputOptions } from './output';

export interface CompareView {
  update(progress: CompareProgress): void;
  stop(): void;
}

/** Shows the progress of a comparison: a bar on a terminal, a line per method elsewhere, nothing with `quiet`. */
export function compareProgress({ quiet }: OutputOptions): CompareView {
  if (quiet) return { update: () => undefined, stop: () => undefined };
  return isAnimated() ? bar() : lines();
}

/** The bar counts per mille, as there are few methods and each is slow. */
const STEPS = 1000;

function bar(): CompareView {
  const start = performance.now();
  const view = new SingleBar({
    stream: process.stderr,
    format: '{bar} {percentage} %  {method}  {left} left',
    barCompleteChar: '━',
    barIncompleteChar: '─',
    barsize: 24,
    hideCursor: true,
  });
  return {
    update({ method, done, total, fraction }) {
      const share = (done + fraction) / total;
      if (!view.isActive) view.start(STEPS, 0, { method: '', left: '–' });
      const seconds = (performance.now() - start) / 1000;
      const left = share > 0.02 ? duration((seconds / share) * (1 - share)) : '–';
      view.update(Math.round(STEPS * share), { method: `${method} (${done + 1} of ${total})`, left });
    },
    stop: () => view.stop(),
  };
}

function lines(): CompareView {
  const start = performance.now();
  return {
    update({ method, done, total, fraction }) {
      if (fraction < 1) return;
      const seconds = (performance.now() - start) / 1000;
      const left = (seconds / (done + 1)) * (total - done - 1);
      process.stderr.write(`${done + 1}/${total}  ${method}  ETA ${duration(left)}\n`);
    },
    stop: () => undefined,
  };
}
