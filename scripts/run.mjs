// Runs programs and remembers finished steps, for the other scripts. Imports only Node's own modules, because the scripts
// run in a fresh clone before anything is installed.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** A failure whose message explains it, so that no stack trace is needed. */
export class Failure extends Error {}

/** Runs a program in this terminal; resolves to its exit code. */
export function runVisibly(command, args, options = {}) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    const ignore = () => {}; // Ctrl-C reaches the child too: wait for its exit code
    process.on('SIGINT', ignore);
    child.once('error', fail);
    child.once('close', (code, signal) => {
      process.off('SIGINT', ignore);
      done(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });
}

/** Runs a program and shows only its last line, on a terminal; prints all output if it fails. */
export async function run(command, args, options = {}) {
  const { code, log } = await capture(command, args, options);
  if (code === 0) return log;
  process.stderr.write(log);
  throw new Failure(`failed with ${code}: ${[command, ...args].join(' ')}`);
}

/** Runs a program and collects its output. */
export function capture(command, args, options = {}) {
  return new Promise((done) => {
    const shell = process.platform === 'win32' && command === 'npm'; // npm is a batch file there
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], shell, ...options });
    let log = '';
    const keep = (chunk) => {
      log += chunk;
      showLine(log.trimEnd().split('\n').pop() ?? '');
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.once('error', (error) => done({ code: -1, log: `${error.message}\n` }));
    child.once('close', (code) => {
      showLine('');
      done({ code: code ?? -1, log });
    });
  });
}

/** Shows a line that the next one overwrites; does nothing without a terminal. */
export function showLine(text) {
  if (!process.stderr.isTTY || process.env.NO_COLOR !== undefined) return;
  process.stderr.write(`\r\x1b[2K${text.slice(0, (process.stderr.columns ?? 80) - 1)}`);
}

/** Prints a line about the current step. */
export function say(text) {
  showLine('');
  process.stderr.write(`${text}\n`);
}

/** A digest of the contents of files and folders. */
export function digest(paths, more = '') {
  const hash = createHash('sha256').update(more);
  for (const file of paths.flatMap(filesUnder))
    hash.update(`\n${file}\n`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

/** Whether a step was last done with this input. */
export function isStamped(step, value) {
  return existsSync(stampFile(step)) && readFileSync(stampFile(step), 'utf8') === value;
}

/** Records that a step was done with this input. */
export function stamp(step, value) {
  mkdirSync(dirname(stampFile(step)), { recursive: true });
  writeFileSync(stampFile(step), value);
}

/** Runs a script's main function; a `Failure` is printed without a stack trace. */
export function main(work) {
  work().then(
    (code) => {
      process.exitCode = code ?? 0;
    },
    (error) => {
      say(error instanceof Failure ? error.message : (error.stack ?? String(error)));
      process.exitCode = error.exitCode ?? 1;
    },
  );
}

/** Whether a module is the script that Node was started with. */
export function isMain(url) {
  return process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(url);
}

function stampFile(step) {
  return join(root, '.cache', 'stamps', step);
}

/** The files under a path of the repository, sorted; none if it does not exist. */
export function filesUnder(path) {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [path];
  return readdirSync(full, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}
