// The two sides of a timing, each a process of its own: the usual PyTorch script (eager_ep.py) and fep-native (ours.mjs), on
// the same model file and clip.
import { join } from 'node:path';
import { root, run } from '../../scripts/run.mjs';

/** One run of the script; options by its names. */
export async function runTheirs(python, options) {
  const flags = Object.entries(options).map(([name, value]) =>
    value === true ? `--${name}` : `--${name}=${value}`,
  );
  return JSON.parse(await run(python, [join(root, 'bench', 'speed', 'eager_ep.py'), ...flags]));
}

/** One run of ours: `model`, `clip`, `out`, options of `loadModel` as `load` and of `explain` as `explain`. */
export async function runOurs(asked) {
  return JSON.parse(
    await run(process.execPath, [join(root, 'bench', 'speed', 'ours.mjs'), JSON.stringify(asked)]),
  );
}

/** Milliseconds for an iteration of a run of either side. */
export const perIteration = ({ seconds, iterations }) => (1000 * seconds) / iterations;

export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
