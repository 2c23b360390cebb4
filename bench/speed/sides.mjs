// The two sides of a timing: the usual PyTorch script (eager_ep.py) and fep-native (ours.mjs). Each runs in a process of its
// own, on the same model file and clip.
import { join } from 'node:path';
import { root, run } from '../../scripts/run.mjs';

const FOLDER = join(root, 'bench', 'speed');

/** Runs the PyTorch script. @param options its options by name */
export async function runTheirs(python, options) {
  const flags = Object.entries(options).map(([name, value]) =>
    value === true ? `--${name}` : `--${name}=${value}`,
  );
  return JSON.parse(await run(python, [join(FOLDER, 'eager_ep.py'), ...flags]));
}

/** Runs fep-native. @param asked what ours.mjs takes */
export async function runOurs(asked) {
  return JSON.parse(await run(process.execPath, [join(FOLDER, 'ours.mjs'), JSON.stringify(asked)]));
}

/** Milliseconds per iteration of a run. */
export function perIteration({ seconds, iterations }) {
  return (1000 * seconds) / iterations;
}
