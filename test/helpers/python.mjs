// Independent references in Python, run in the tests' own environment.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readNpy } from 'fep-native';
import { venvPython } from '../../scripts/python-env.mjs';
import { golden } from './golden.mjs';

const EAGER = fileURLToPath(new URL('../../bench/speed/eager_ep.py', import.meta.url));
const FAST = fileURLToPath(new URL('../reference/fast_schedule.py', import.meta.url));

/** Runs a script of test/reference to its end; what it prints. */
export function reference(script, ...args) {
  const path = fileURLToPath(new URL(`../reference/${script}`, import.meta.url));
  return execFileSync(venvPython, [path, ...args.map(String)], { encoding: 'utf8' });
}

/** The same loop in plain PyTorch, written the usual way (bench/speed/eager_ep.py), on the golden model and clip; its mask. */
export function eagerMask(options) {
  return maskOf(EAGER, options);
}

/** The same with the fast schedule (test/reference/fast_schedule.py). */
export function fastEagerMask(options) {
  return maskOf(FAST, options);
}

async function maskOf(script, options) {
  const folder = mkdtempSync(join(tmpdir(), 'fep-test-'));
  const out = join(folder, 'eager.npy');
  const files = { model: golden('tiny.pt'), clip: golden('clip.npy'), layout: 'NCTHW', out };
  const flags = Object.entries({ ...files, ...options }).map(([name, value]) => `--${name}=${value}`);
  try {
    execFileSync(venvPython, [script, ...flags], { stdio: ['ignore', 'ignore', 'pipe'] });
    return (await readNpy(out)).data;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
