// npm test: sets up what the tests need, runs ava over test/*.test.mjs and pytest over test/native and test/export, and
// ends with one line that sums all up. Arguments name ava files to run instead of everything.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { venvPython } from './python-env.mjs';
import { filesUnder, main, root } from './run.mjs';
import { setup } from './setup.mjs';

/** Runs a test runner with its output shown and returned. */
function runTests(command, args) {
  return new Promise((done) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
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
 * on all cores.
 */
async function runAva(files) {
  const ava = join(root, 'node_modules', 'ava', 'entrypoints', 'cli.mjs');
  const { code, log } = await runTests(process.execPath, [
    ava,
    '--tap',
    '--timeout=5m',
    '--concurrency=1',
    ...files,
  ]);
  const lines = log.split('\n');
  return settle(code, {
    passed: lines.filter((line) => /^ok /.test(line) && !line.endsWith('# SKIP')).length,
    failed: lines.filter((line) => /^not ok /.test(line) && !line.endsWith('# TODO')).length,
  });
}

async function runPytest(folder) {
  const { code, log } = await runTests(venvPython, ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', folder]);
  const summary = log.trimEnd().split('\n').pop() ?? '';
  const count = (word) => Number(new RegExp(`(\\d+) ${word}`).exec(summary)?.[1] ?? 0);
  return settle(code, { passed: count('passed'), failed: count('failed') + count('error') });
}

/** A runner that failed without saying how often failed once. */
function settle(code, { passed, failed }) {
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed };
}

main(async () => {
  await setup({ test: true });
  const chosen = process.argv.slice(2);
  const all = filesUnder('test').filter((file) => /^test\/[^/]+\.test\.mjs$/.test(file));
  const results = [await runAva(chosen.length > 0 ? chosen : all)];
  const folders = chosen.length > 0 ? [] : [join('test', 'native'), join('test', 'export')];
  for (const folder of folders.filter((path) => existsSync(join(root, path)))) {
    results.push(await runPytest(folder));
  }
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 || passed === 0 ? 1 : 0;
});
