// The Python environment for tests, exporters and lint: .venv with the packages of requirements.txt.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { capture, digest, Failure, isStamped, root, run, say, stamp } from './run.mjs';

const folder = join(root, '.venv');
const requirements = join('scripts', 'requirements.txt');

/** The environment's interpreter. */
export const venvPython = join(
  folder,
  ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']),
);

/** Creates the environment, or updates it. */
export async function setUpPython() {
  const input = digest([requirements]);
  if (isStamped('python', input) && existsSync(venvPython)) return;
  say('Installing Python packages for tests and lint into .venv …');
  const pip = await findPip();
  await installTorch(pip);
  await run(...pip(['install', ...QUIET, '-r', requirements]));
  stamp('python', input);
}

const QUIET = ['--quiet', '--disable-pip-version-check', '--no-input'];

/** The version of torch, in the tests and for other processors. */
export const TORCH = '2.13.0';

/** What pip is told for its CPU build, from PyTorch's own index: one try, since that may not be reachable. */
export const CPU_TORCH = [
  '--retries',
  '1',
  '--extra-index-url',
  'https://download.pytorch.org/whl/cpu',
  `torch==${TORCH}+cpu`,
];

/** An installed Python that is new enough for torch. */
async function findPython() {
  const named = process.env.FEP_PYTHON;
  for (const python of named ? [named] : ['python3', 'python3.11', 'python3.12', 'python3.13', 'python']) {
    const { code } = await capture(python, ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))']);
    if (code === 0) return python;
  }
  throw new Failure(
    'the tests need Python 3.10 or newer. On Debian and Ubuntu: apt-get install -y python3-venv',
  );
}

/** A function that makes pip's command line for .venv, which is created if need be. */
export async function findPip() {
  return makeVenv(await findPython());
}

/**
 * Creates .venv and returns a function that makes pip's command line for it. Debian ships `ensurepip` in a separate
 * package; without it, .venv is created without pip and filled by the system's pip.
 */
async function makeVenv(python) {
  const inside = (args) => [venvPython, ['-m', 'pip', ...args]];
  const outside = (args) => [python, ['-m', 'pip', '--python', venvPython, ...args]];
  if (!existsSync(venvPython)) {
    const whole = await capture(python, ['-m', 'venv', folder]);
    if (whole.code !== 0) {
      rmSync(folder, { recursive: true, force: true });
      await capture(python, ['-m', 'venv', '--without-pip', folder]);
    }
  }
  for (const pip of [inside, outside]) {
    const { code } = await capture(...pip(['--version']));
    if (code === 0) return pip;
  }
  rmSync(folder, { recursive: true, force: true });
  throw new Failure(
    'python3 has neither venv nor pip. On Debian and Ubuntu: apt-get install -y python3-venv',
  );
}

/** Prefers the CPU build: on most machines the default one downloads gigabytes of CUDA. */
async function installTorch(pip) {
  const present = await capture(venvPython, [
    '-c',
    `import torch; assert torch.__version__.startswith('${TORCH}')`,
  ]);
  if (present.code === 0) return;
  const first = await capture(...pip(['install', ...QUIET, ...CPU_TORCH]));
  if (first.code !== 0) await run(...pip(['install', ...QUIET, `torch==${TORCH}`]));
}
