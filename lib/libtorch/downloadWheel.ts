import { spawn } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FepError } from '../errors/fepError';
import { LIBTORCH_VERSION } from './version';

export interface WheelOptions {
  signal?: AbortSignal | undefined;
  env?: NodeJS.ProcessEnv | undefined;
}

/**
 * Downloads torch's wheel with pip, which verifies its hash and honours the user's mirrors and proxies. Tries the
 * `+cpu` version first: the plain version is a CUDA build on most machines.
 *
 * @returns the path of the wheel
 */
export async function downloadWheel(folder: string, options: WheelOptions = {}): Promise<string> {
  const python = await findPip(folder, options);
  let lastLog = '';
  for (const version of [`${LIBTORCH_VERSION}+cpu`, LIBTORCH_VERSION]) {
    const { code, log } = await run(
      python,
      [...PIP_DOWNLOAD, '--dest', folder, `torch==${version}`],
      options,
    );
    options.signal?.throwIfAborted();
    const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
    if (code === 0 && wheel) return join(folder, wheel);
    if (/No space left on device/.test(log)) throw diskFull();
    if (wheel) await rm(join(folder, wheel));
    lastLog = lastLines(log);
  }
  throw new FepError('FEP_DOWNLOAD', `pip could not download torch ${LIBTORCH_VERSION}:\n${lastLog}`, {
    hint: 'Download the official CPU archive or a CPU wheel by other means and use --from FILE.',
  });
}

const PIP_DOWNLOAD = [
  '-m',
  'pip',
  'download',
  '--no-deps',
  '--only-binary=:all:',
  '--no-input',
  '--disable-pip-version-check',
  '--progress-bar=off',
  '--retries=1',
];

/** A python that has pip: one on PATH, or a temporary virtual environment. */
async function findPip(folder: string, options: WheelOptions): Promise<string> {
  const named = (options.env ?? process.env).FEP_PYTHON;
  const pythons = named ? [named] : ['python3', 'python'];
  const own = join(
    folder,
    'venv',
    ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']),
  );
  for (const python of pythons) {
    if ((await run(python, ['-m', 'pip', '--version'], options)).code === 0) return python;
    if ((await run(python, ['-m', 'venv', join(folder, 'venv')], options)).code === 0) return own;
    options.signal?.throwIfAborted();
  }
  throw new FepError('FEP_DOWNLOAD', `No Python with pip was found (${pythons.join(', ')}).`, {
    hint: 'Install pip (Debian: apt-get install -y python3-pip), or use --from FILE.',
  });
}

function run(command: string, args: string[], options: WheelOptions): Promise<{ code: number; log: string }> {
  return new Promise((done) => {
    const { signal, env } = options;
    const child = spawn(command, args, { signal, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let log = '';
    const keep = (chunk: Buffer) => {
      log = (log + chunk).slice(-4000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => done({ code: -1, log: error.message }));
    child.once('close', (code) => done({ code: code ?? -1, log }));
  });
}

function diskFull(): Error {
  return Object.assign(new Error('the disk is full'), { code: 'ENOSPC' });
}

function lastLines(log: string): string {
  return log
    .trim()
    .split('\n')
    .slice(-4)
    .map((line) => `  ${line}`)
    .join('\n');
}
