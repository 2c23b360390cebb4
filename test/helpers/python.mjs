// Independent references in Python, run in the tests' own environment.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { venvPython } from '../../scripts/python-env.mjs';

/** Runs a script of test/reference to its end; what it prints. */
export function reference(script, ...args) {
  const path = fileURLToPath(new URL(`../reference/${script}`, import.meta.url));
  return execFileSync(venvPython, [path, ...args.map(String)], { encoding: 'utf8' });
}
