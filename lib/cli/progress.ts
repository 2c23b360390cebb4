import { SingleBar } from 'cli-progress';
import type { ExplainProgress } from '../explain/explain';
import { isAnimated, type OutputOptions, percent, say } from './output';

export interface ProgressView {
  update(progress: ExplainProgress): void;
  /** Prints a remark, above the bar where there is one. */
  say(line: string): void;
  stop(): void;
}

/** Shows the progress of an explanation: a bar on a terminal, periodic lines elsewhere, nothing with `quiet`. */
export function explainProgress(iterations: number, { quiet }: OutputOptions): ProgressView {
  if (quiet) return { update: () => undefined, say: () => undefined, stop: () => undefined };
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
  view.start(iterations, 0, { state: '' });
  let latest = { done: 0, of: iterations, state: '' };
  let stopped = false;
  return {
    update(progress) {
      latest = { done: progress.iteration + 1, of: progress.iterations, state: state(progress) };
      view.setTotal(latest.of); // a converged run ends early
      view.update(latest.done, { state: latest.state });
    },
    say(line) {
      if (stopped) return say(line, {});
      view.stop();
      say(line, {});
      view.start(latest.of, latest.done, { state: latest.state });
    },
    stop() {
      stopped = true;
      view.stop();
    },
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
    say: (line) => say(line, {}),
    stop: () => undefined,
  };
}

/** Energy and area of a mask; empty for saliency methods. */
function state({ reward, area, core, realisedArea }: ExplainProgress): string {
  if (reward === undefined || area === undefined || core === undefined || realisedArea === undefined)
    return '';
  return `energy ${(reward + area + core).toPrecision(4)}  area ${percent(realisedArea)}  `;
}
