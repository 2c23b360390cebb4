import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FepError } from '../errors/fepError';
import { packageRoot } from '../package/cache';

type Env = Readonly<Record<string, string | undefined>>;

/** A Python, and what it has of what the importer may need. */
export interface FoundPython {
  /** The interpreter's path or command. */
  path: string;
  /** Versions by package; null where it is not installed. */
  packages: Record<string, string | null>;
}

/** The packages that one source or another needs. */
export const IMPORT_PACKAGES = [
  'torch',
  'torchvision',
  'transformers',
  'safetensors',
  'pytorchvideo',
  'mmaction2',
  'mmengine',
  'mmcv',
] as const;

const LIST_PACKAGES = `
import json, sys
from importlib import metadata
def version(name):
    try: return metadata.version(name)
    except metadata.PackageNotFoundError: return None
print(json.dumps({name: version(name) for name in sys.argv[1:]}))`;

/**
 * The Python that imports models: the named one; else the first of `VIRTUAL_ENV`, `CONDA_PREFIX`, `python3` and `python`
 * that has torch, or the first that runs.
 *
 * @throws FepError `FEP_PYTHON_NOT_FOUND` when the named one does not run, or there is none
 */
export function findPython(named?: string, env: Env = process.env): FoundPython {
  const found: FoundPython[] = [];
  for (const path of named === undefined ? candidates(env) : [named]) {
    const packages = packagesOf(path);
    if (packages?.torch) return { path, packages };
    if (packages) found.push({ path, packages });
  }
  const [first] = found;
  if (first) return first;
  throw new FepError(
    'FEP_PYTHON_NOT_FOUND',
    named === undefined
      ? 'No Python was found, which importing a model needs.'
      : `${named} is no Python that runs.`,
    {
      hint: "Name the Python that has torch and the model's library with --python, or activate its environment.",
    },
  );
}

/** The same, or undefined where there is none. */
export function tryFindPython(env: Env = process.env): FoundPython | undefined {
  try {
    return findPython(undefined, env);
  } catch {
    return undefined;
  }
}

/** @throws FepError `FEP_PYTHON_NOT_FOUND` where it has no torch */
export function requireTorch(python: FoundPython): FoundPython {
  if (python.packages.torch) return python;
  throw new FepError('FEP_PYTHON_NOT_FOUND', `${python.path} has no torch, which importing a model needs.`, {
    hint: `Name the Python that has torch and the model's library with --python, activate its environment, or: ${python.path} -m pip install torch`,
  });
}

function candidates(env: Env): string[] {
  const inside = [env.VIRTUAL_ENV, env.CONDA_PREFIX].flatMap((folder) =>
    folder
      ? [join(folder, 'bin', 'python'), join(folder, 'Scripts', 'python.exe'), join(folder, 'python.exe')]
      : [],
  );
  return [...inside.filter((path) => existsSync(path)), 'python3', 'python'];
}

function packagesOf(python: string): FoundPython['packages'] | undefined {
  const { status, stdout } = spawnSync(python, ['-c', LIST_PACKAGES, ...IMPORT_PACKAGES], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  try {
    return status === 0 ? (JSON.parse(stdout) as FoundPython['packages']) : undefined;
  } catch {
    return undefined;
  }
}

/** The folder of the importer's Python package. */
export function importerFolder(): string {
  return join(packageRoot(), 'python');
}

/** How a run of the importer ended. */
interface Ended {
  stdout: string;
  /** Its last lines. */
  stderr: string;
}

/** Who waits for an import. */
export interface ImportRun {
  signal?: AbortSignal | undefined;
  /** Called with each step that the importer tells of. */
  onStep?: ((step: string) => void) | undefined;
}

/** How long the importer may take to end. */
const KILL_MS = 1000;

/** What the importer puts before a step. */
const STEP = '… ';

/**
 * Runs `python -m fep_import`.
 *
 * @throws FepError `FEP_ABORTED` when the signal fires, `FEP_PYTHON_NOT_FOUND` when it does not start
 */
export function runImporter(
  python: string,
  args: readonly string[],
  { signal, onStep }: ImportRun,
): Promise<Ended> {
  return new Promise((done, fail) => {
    const child = spawn(python, ['-m', 'fep_import', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PYTHONPATH: pythonPath(), PYTHONUTF8: '1', PYTHONDONTWRITEBYTECODE: '1' },
    });
    const stop = () => {
      child.kill();
      setTimeout(() => child.kill('SIGKILL'), KILL_MS).unref(); // a network's code may ignore the first
    };
    signal?.addEventListener('abort', stop, { once: true });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.split('\n'))
        if (line.startsWith(STEP)) onStep?.(line.slice(STEP.length).trim());
      stderr = (stderr + text).slice(-4000);
    });
    child.once('error', (cause) =>
      fail(new FepError('FEP_PYTHON_NOT_FOUND', `${python} did not start: ${cause.message}`, { cause })),
    );
    child.once('close', () => {
      signal?.removeEventListener('abort', stop);
      if (signal?.aborted)
        fail(new FepError('FEP_ABORTED', 'The import was stopped.', { cause: signal.reason }));
      else done({ stdout, stderr });
    });
  });
}

/** The importer's folder, before what the user has there. */
function pythonPath(): string {
  const separator = process.platform === 'win32' ? ';' : ':';
  return [importerFolder(), process.env.PYTHONPATH].filter(Boolean).join(separator);
}
