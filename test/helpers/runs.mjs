// Runs that last for as long as a test wants.
import { once } from 'node:events';

/** A run of 3D-EP that nobody waits for the end of. */
export const ENDLESS = { method: 'ep', iterations: 1_000_000, step: 16, sigma: 23, target: 6 };

/**
 * `{ onProgress, running, stopped }`: `running` resolves once an iteration was reported; `stopped`, called when the run has
 * been told to stop, gives a function that says how many more were reported since.
 */
export function watch() {
  const started = new EventTarget();
  const running = once(started, 'iteration');
  let reported = 0;
  const onProgress = () => {
    reported++;
    started.dispatchEvent(new Event('iteration'));
  };
  const stopped = () => {
    const before = reported;
    return () => reported - before;
  };
  return { onProgress, running, stopped };
}

/** Milliseconds: longer than an iteration on the busiest machine, and nothing beside the hours that `ENDLESS` takes. */
export const SOON = 60_000;

/**
 * A run reports every iteration, or ten a second. One that stops within an iteration has no more to report than what is on
 * its way: the iteration before, and the one that was under way.
 */
export const ON_THEIR_WAY = 2;

/** Milliseconds until a promise settles, and its failure if it has one. */
export async function settled(promise) {
  const start = performance.now();
  const error = await promise.then(
    () => undefined,
    (reason) => reason,
  );
  return { milliseconds: performance.now() - start, error };
}
