import { SingleBar } from 'cli-progress';
import type { ExplainProgress } from '../explain/explain';
import { isAnimated, type OutputOptions, percent } from './output';

export interface ProgressView {
  update(progress: ExplainProgress): void;
  stop(): void;
}

/** Shows the progress of an explanation: a bar on a terminal, periodic lines elsewhere, nothing with `quiet`. */
export function explainProgress(iterations: number, { quiet }: OutputOptions): ProgressView {
  if (quiet) return { update: () => undefined, stop: () => undefined };
  return isAnimated() ? bar(iterations) : lines();
}

function bar(iterations: number): ProgressView {
  const view = new SingleBar({
    stream: process.stderr,
    format: '{bar} {value}/{total}  {state}ETA {eta_formatted}',
    barCompleteChar: '━',
    barIncompleteChar: '─',
    barsize: 24,
    hideCursor: true,
    etaBuffer: 50,
  });
  let started = false;
  return {
    update(progress) {
      if (!started) view.start(iterations, 0, { state: '' }); // below what was said before
      started = true;
      view.setTotal(progress.iterations); // a converged run ends early
      view.update(progress.iteration + 1, { state: state(progress) });
    },
    stop: () => view.stop(),
  };
}

/** Interval between two log lines. */
const LINE_EVERY_MS = 5000;

function lines(): ProgressView {
  const start = Date.now();
  let last = start;
  return {
    update(progress) {
      const { iterations } = progress; // fewer once a search has ended early
      const done = progress.iteration + 1;
      const now = Date.now();
      if (now - last < LINE_EVERY_MS && done < iterations) return;
      last = now;
      const eta = Math.round(((now - start) / 1000 / done) * (iterations - done));
      process.stderr.write(`iteration ${done}/${iterations}  ${state(progress)}ETA ${eta} s\n`);
    },
    stop: () => undefined,
  };
}

/** Energy and area of a mask; empty for saliency methods. */
function state({ reward, area, core, realisedArea }: ExplainProgress): string {
  if (reward === undefined || area === undefined || core === undefined || realisedArea === undefined)
    return '';
  return `energy ${(reward + area + core).toPrecision(4)}  area ${percent(realisedArea)}  `;
}
