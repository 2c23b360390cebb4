// Independent references in Python, run in the tests' own environment by one process for each test file.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { readNpy } from 'fep-native';
import { venvPython } from '../../scripts/python-env.mjs';
import { digest, root } from '../../scripts/run.mjs';
import { endWithTests } from './children.mjs';
import { golden } from './golden.mjs';

const FOLDER = new URL('../reference/', import.meta.url);
const SERVER = fileURLToPath(new URL('server.py', FOLDER));
const EAGER = '../../bench/speed/eager_ep.py';
const SCHEDULES = 'schedules.py';
const COURSE = 'band_course.py';
const QUESTIONS = 'questions.py';

let server;

/** The process, and whoever waits for its answers, in their order. */
function startServer() {
  const child = endWithTests(spawn(venvPython, [SERVER], { stdio: ['pipe', 'pipe', 'inherit'] }));
  const waiting = [];
  createInterface(child.stdout).on('line', (line) => waiting.shift().done(JSON.parse(line)));
  child.once('close', (code, signal) => {
    for (const { fail } of waiting) fail(new Error(`Python ended with ${code ?? signal}`));
  });
  return { child, waiting };
}

/** What a program prints; one that fails is an error with what it said. */
async function run(request) {
  server ??= startServer();
  const { status, stdout, stderr } = await new Promise((done, fail) => {
    server.waiting.push({ done, fail });
    server.child.stdin.write(`${JSON.stringify(request)}\n`);
  });
  if (status !== 0) throw new Error(`${request.path ?? request.code}: ${status}\n${stderr}`);
  return stdout;
}

/** Runs a script of test/reference to its end; what it prints. */
export function reference(script, ...args) {
  return run({ path: fileURLToPath(new URL(script, FOLDER)), args: args.map(String) });
}

/** Runs a few lines of Python in a folder; what they print. */
export function python(code, { args = [], cwd = root } = {}) {
  return run({ code, args: args.map(String), cwd });
}

/** Whatever decides on what a script writes, but for its arguments. */
const SOURCES = ['test/reference', 'bench/speed/eager_ep.py', 'python/fep_import', 'scripts/python-env.mjs'];
const SOURCE_DIGEST = digest([...SOURCES, 'scripts/requirements.txt']);
const EXPORTS = join(root, '.cache', 'exports');

/**
 * A folder with what a script of test/reference writes there, made once for all test files and test runs: what is in it may
 * be read, and nothing else.
 *
 * @param {(folder: string) => string[]} command the script and its arguments, of which some are in the folder
 */
export async function exported(command) {
  const [script, ...args] = command('OUT').map(String);
  const contents = args.map((arg) => arg.replace(/^--[\w-]+=/, '')).filter((arg) => isFile(arg));
  const threads = process.env.OMP_NUM_THREADS ?? ''; // another number may round otherwise
  const name = `${script.replace(/\W+/g, '-')}-${hash([threads, ...args])}`;
  const folder = join(
    EXPORTS,
    `${name}-${hash([SOURCE_DIGEST, ...contents.map((file) => readFileSync(file))])}`,
  );
  if (!existsSync(folder)) await makeExport(folder, command, name);
  return folder;
}

const isFile = (path) => existsSync(path) && statSync(path).isFile();

const hash = (parts) =>
  parts
    .reduce((sum, part) => sum.update(part).update('\0'), createHash('sha256'))
    .digest('hex')
    .slice(0, 16);

/** Another test file may be making the same: whoever is first to have it whole keeps it. */
async function makeExport(folder, command, name) {
  mkdirSync(EXPORTS, { recursive: true });
  const temporary = mkdtempSync(join(EXPORTS, '.making-'));
  try {
    await reference(...command(temporary));
    for (const old of readdirSync(EXPORTS).filter((entry) => entry.startsWith(`${name}-`)))
      if (join(EXPORTS, old) !== folder) rmSync(join(EXPORTS, old), { recursive: true, force: true });
    if (!existsSync(folder)) renameSync(temporary, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** The same loop in plain PyTorch, written the usual way (bench/speed/eager_ep.py), on the golden model and clip; its mask. */
export const eagerMask = (options) => maskOf(EAGER, options);

/** The same with the fast or the quick schedule (test/reference/schedules.py). */
export const scheduledEagerMask = (options) => maskOf(SCHEDULES, options);

/** The same with bands that open (test/reference/band_course.py). */
export const openingEagerMask = (options) => maskOf(COURSE, options);

/** The same with another variant or a budget of frames (test/reference/questions.py). */
export const askedEagerMask = (options) => maskOf(QUESTIONS, options);

async function maskOf(script, options) {
  const files = { model: golden('tiny.pt'), clip: golden('clip.npy'), layout: 'NCTHW' };
  const flags = Object.entries({ ...files, ...options }).map(([name, value]) => `--${name}=${value}`);
  const folder = await exported((into) => [script, ...flags, `--out=${join(into, 'mask.npy')}`]);
  return (await readNpy(join(folder, 'mask.npy'))).data;
}
