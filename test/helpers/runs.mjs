// Runs that last for as long as a test wants.
import { once } from 'node:events';

/** A run of 3D-EP that nobody waits for the end of. */
export const ENDLESS = { method: 'ep', iterations: 1_000_000, step: 16, sigma: 23, target: 6 };

/** `{ onProgress, running }`: `running` resolves once an iteration was reported. */
export function watch() {
  const started = new EventTarget();
  const running = once(started, 'iteration');
  return { onProgress: () => started.dispatchEvent(new Event('iteration')), running };
}

/** Milliseconds until a promise settles, and its failure if it has one. */
export async function settled(promise) {
  const start = performance.now();
  const error = await promise.then(
    () => undefined,
    (reason) => reason,
  );
  return { milliseconds: performance.now() - start, error };
}
