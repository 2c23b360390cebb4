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
  const lines = log.split('\n');
  return settle(code, {
    passed: lines.filter((line) => /^ok /.test(line) && !line.endsWith('# SKIP')).length,
    failed: lines.filter((line) => /^not ok /.test(line) && !line.endsWith('# TODO')).length,
  });
}

export async function runPytest(folder, env = process.env) {
  const args = ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', folder];
  const { code, log } = await runTests(venvPython, args, env);
  const summary = log.trimEnd().split('\n').pop() ?? '';
  const count = (word) => Number(new RegExp(`(\\d+) ${word}`).exec(summary)?.[1] ?? 0);
  return settle(code, { passed: count('passed'), failed: count('failed') + count('error') });
}

/** A runner that failed without saying how often failed once. */
function settle(code, { passed, failed }) {
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed };
}

/** Prints one line that sums all up, and returns the exit code. */
export function report(results) {
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 || passed === 0 ? 1 : 0;
}
