import { spawnSync } from 'node:child_process';

const WHERE = `import importlib.util as u
s = u.find_spec('torch')
print(next(iter(s.submodule_search_locations), '') if s else '')`;

/**
 * The `torch` package folder of a Python environment, found without importing it. Where there is none, a text
 * that says so and is no path: inspecting it is refused.
 *
 * @param python `1` for the `python3` on PATH, or the path of a python
 */
export function findPythonTorch(python: string): string {
  const command = python === '1' ? 'python3' : python;
  const run = spawnSync(command, ['-c', WHERE], { encoding: 'utf8', timeout: 20_000 });
  return run.stdout?.trim() || `torch of ${command}`;
}
