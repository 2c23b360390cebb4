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

/**
 * Waits until a promise settles.
 *
 * @returns `error`, its failure if it has one; the `milliseconds` it took; and `worked`, how long this process's threads
 *   worked meanwhile, in milliseconds of one processor: another program takes nothing from that, however busy the machine
 */
export async function settled(promise) {
  const start = performance.now();
  const before = process.cpuUsage();
  const error = await promise.then(
    () => undefined,
    (reason) => reason,
  );
  const { user, system } = process.cpuUsage(before);
  return { milliseconds: performance.now() - start, worked: (user + system) / 1000, error };
}
