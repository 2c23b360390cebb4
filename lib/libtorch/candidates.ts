import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectCacheDir, userCacheDir } from '../package/cache';
import { LIBTORCH_VERSION } from './version';

/** Where a candidate path comes from. */
export type LibtorchOrigin =
  | 'FEP_LIBTORCH'
  | 'LIBTORCH'
  | 'project cache'
  | 'user cache'
  | 'python'
  | 'system';

export interface Candidate {
  origin: LibtorchOrigin;
  path: string;
}

/** Where to look for libtorch. */
export interface SearchOptions {
  /** Default: the process's environment. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Default: `projectCacheDir()`. */
  projectCache?: string;
  /** Default: the usual folders of manual installs. */
  systemRoots?: readonly string[];
  /** Whether to prefer a CUDA build. Default: whether an NVIDIA driver is present. */
  preferCuda?: boolean;
}

const SYSTEM_ROOTS =
  process.platform === 'win32'
    ? ['C:\\libtorch']
    : ['/opt/libtorch', '/usr/local/libtorch', '/usr/local', '/usr'];

/**
 * The places where a libtorch may be, best first: `FEP_LIBTORCH`, `LIBTORCH`, the project's cache, the user's
 * cache, a Python environment (only if `FEP_LIBTORCH_PYTHON` is `1` or the path of a python), the system.
 */
export function* libtorchCandidates(options: SearchOptions = {}): Generator<Candidate> {
  const env = options.env ?? process.env;
  if (env.FEP_LIBTORCH) yield { origin: 'FEP_LIBTORCH', path: env.FEP_LIBTORCH };
  if (env.LIBTORCH) yield { origin: 'LIBTORCH', path: env.LIBTORCH };
  const preferCuda = options.preferCuda ?? hasNvidiaDriver();
  yield* inCache('project cache', options.projectCache ?? projectCacheDir(), preferCuda);
  yield* inCache('user cache', userCacheDir(env), preferCuda);
  if (env.FEP_LIBTORCH_PYTHON && env.FEP_LIBTORCH_PYTHON !== '0') {
    yield { origin: 'python', path: findPythonTorch(env.FEP_LIBTORCH_PYTHON) };
  }
  for (const path of options.systemRoots ?? SYSTEM_ROOTS) yield { origin: 'system', path };
}

function hasNvidiaDriver(): boolean {
  const windows = process.env.SystemRoot ?? 'C:\\Windows';
  return existsSync(
    process.platform === 'win32' ? join(windows, 'System32', 'nvcuda.dll') : '/dev/nvidiactl',
  );
}

/** All finished installs in a cache folder, or the path where one would be. */
function inCache(origin: LibtorchOrigin, cache: string, preferCuda: boolean): Candidate[] {
  const folder = join(cache, 'libtorch');
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith('.')) : [];
  if (names.length === 0) names.push(`${LIBTORCH_VERSION}-cpu`);
  const rank = (name: string) => (name.endsWith('-cpu') === preferCuda ? 1 : 0);
  const byPreference = (a: string, b: string) =>
    rank(a) - rank(b) || b.localeCompare(a, 'en', { numeric: true });
  return names.sort(byPreference).map((name) => ({ origin, path: join(folder, name) }));
}

const WHERE = `import importlib.util as u
s = u.find_spec('torch')
print(next(iter(s.submodule_search_locations), '') if s else '')`;

/**
 * The `torch` package folder of a Python environment, found without importing it. Without one, returns a text that
 * is not a path, so that inspecting it reports the problem.
 *
 * @param python `1` for the `python3` on PATH, or the path of a python
 */
function findPythonTorch(python: string): string {
  const command = python === '1' ? 'python3' : python;
  const run = spawnSync(command, ['-c', WHERE], { encoding: 'utf8', timeout: 20_000 });
  return run.stdout?.trim() || `torch of ${command}`;
}
