// Runs ava and pytest, and counts what they say, for the scripts that run tests.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { venvPython } from './python-env.mjs';
import { root } from './run.mjs';

/** Groups of processes that run now. One of its own hears no Ctrl-C of the terminal: it is ended from here. */
const groups = new Set();

/** From the first runner on, however this script ends, the runners end with it. */
function endGroupsWithUs() {
  if (process.listeners('exit').includes(endGroups)) return;
  process.on('exit', endGroups);
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])
    process.on(signal, () => process.exit(code));
}

const endGroups = () => groups.forEach(endGroup);

function endGroup(leader) {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // Nobody of it is left.
  }
}

/**
 * Runs a test runner, by default with its output shown as it comes, and returns the output. Whatever its tests have left
 * running is ended with it: a child that nobody waits for would keep the pipe open, and with it this script.
 */
function runTests(command, args, { env = process.env, shown = true } = {}) {
  const start = performance.now();
  endGroupsWithUs();
  return new Promise((done) => {
    const stdio = ['ignore', 'pipe', shown ? 'inherit' : 'pipe'];
    const child = spawn(command, args, { cwd: root, stdio, env, detached: true });
    groups.add(child.pid);
    let log = '';
    const keep = (chunk) => {
      log += chunk;
      if (shown) process.stdout.write(chunk);
    };
    child.stdout.on('data', keep);
    child.stderr?.on('data', keep);
    child.once('exit', () => {
      groups.delete(child.pid);
      endGroup(child.pid);
    });
    child.once('close', (code) => {
      done({ code: code ?? 1, log, seconds: (performance.now() - start) / 1000 });
    });
  });
}

/**
 * ava's TAP says one thing per line, whatever becomes of a test. Files run one after the other: each may run a model on
 * all the cores it is given. `more` are further options of ava; `env` and `shown` are those of `runTests`.
 */
export async function runAva(files, { timeout = '20m', more = [], ...how } = {}) {
  const ava = join(root, 'node_modules', 'ava', 'entrypoints', 'cli.mjs');
  const args = [ava, '--tap', `--timeout=${timeout}`, '--concurrency=1', ...more, ...files];
  return settle(await runTests(process.execPath, args, how), countTap);
}

/** What ava's TAP says of its tests; those to be written count as nothing. */
export function countTap(log) {
  const lines = log.split('\n').filter((line) => !line.endsWith('# TODO'));
  return {
    passed: lines.filter((line) => /^ok /.test(line) && !line.endsWith('# SKIP')).length,
    failed: lines.filter((line) => /^not ok /.test(line)).length,
    skipped: lines.filter((line) => /^ok /.test(line) && line.endsWith('# SKIP')).length,
  };
}

export async function runPytest(folder, how) {
  const args = ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', folder];
  return settle(await runTests(venvPython, args, how), countPytest);
}

/** What the last line of pytest says of its tests. */
export function countPytest(log) {
  const summary = log.trimEnd().split('\n').pop() ?? '';
  const count = (word) => Number(new RegExp(`\\b(\\d+) ${word}`).exec(summary)?.[1] ?? 0);
  return {
    passed: count('passed'),
    failed: count('failed') + count('error'),
    skipped: count('skipped'),
  };
}

/** Counts what a runner said; one that failed without saying how often failed once. */
function settle({ code, ...ended }, countIn) {
  const counts = countIn(ended.log);
  return { ...ended, ...counts, failed: code !== 0 && counts.failed === 0 ? 1 : counts.failed };
}

/** Prints one line that sums all up, and returns the exit code. */
export function report(results) {
  const sum = (kind) => results.reduce((total, result) => total + result[kind], 0);
  const [passed, failed, skipped] = ['passed', 'failed', 'skipped'].map(sum);
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  return failed > 0 || passed + skipped === 0 ? 1 : 0;
}
