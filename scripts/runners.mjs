// Runs ava and pytest, and counts what they say, for the scripts that run tests.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { venvPython } from './python-env.mjs';
import { root } from './run.mjs';

/** Runs a test runner with its output shown and returned. */
function runTests(command, args, env) {
  return new Promise((done) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], env });
    let log = '';
    child.stdout.on('data', (chunk) => {
      log += chunk;
      process.stdout.write(chunk);
    });
    child.once('close', (code) => done({ code: code ?? 1, log }));
  });
}

/**
 * ava's TAP says one thing per line, whatever becomes of a test. Files run one after the other: each may run a model
 * on all cores. `more` are further options.
 */
export async function runAva(files, { timeout = '5m', more = [], env = process.env } = {}) {
  const ava = join(root, 'node_modules', 'ava', 'entrypoints', 'cli.mjs');
  const args = [ava, '--tap', `--timeout=${timeout}`, '--concurrency=1', ...more, ...files];
  const { code, log } = await runTests(process.execPath, args, env);
  return settle(code, countTap(log));
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

export async function runPytest(folder, env = process.env) {
  const args = ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', folder];
  const { code, log } = await runTests(venvPython, args, env);
  return settle(code, countPytest(log));
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

/** A runner that failed without saying how often failed once. */
function settle(code, counts) {
  return { ...counts, failed: code !== 0 && counts.failed === 0 ? 1 : counts.failed };
}

/** Prints one line that sums all up, and returns the exit code. */
export function report(results) {
  const sum = (kind) => results.reduce((total, result) => total + result[kind], 0);
  const [passed, failed, skipped] = ['passed', 'failed', 'skipped'].map(sum);
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  return failed > 0 || passed + skipped === 0 ? 1 : 0;
}
