// What `npm test` says in its last line: tests that passed, failed and were skipped, counted from what ava and pytest print.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { longestFirst } from '../scripts/lanes.mjs';
import { venvPython } from '../scripts/python-env.mjs';
import { countPytest, countTap, runPytest } from '../scripts/runners.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

test('ava’s own TAP: a skipped test is none that passed', (t) => {
  const folder = temporaryFolder(t);
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"ava": {"files": ["*.test.mjs"]}}');
  writeFileSync(
    join(folder, 'some.test.mjs'),
    `import test from 'ava';
     import { testUnless } from '${new URL('./helpers/testUnless.mjs', import.meta.url)}';
     test('passes', (t) => t.pass());
     test('passes # SKIP in its name', (t) => t.pass());
     test('fails', (t) => t.fail());
     test.skip('skipped', (t) => t.pass());
     testUnless(undefined)('has all it needs', (t) => t.pass());
     testUnless('no moon')('lacks something', (t) => t.fail());
     testUnless('no sun', test.serial)('lacks something else', (t) => t.fail());
     test.todo('to be written');`,
  );
  const ava = join(root, 'node_modules', 'ava', 'entrypoints', 'cli.mjs');
  const { stdout } = spawnSync(process.execPath, [ava, '--tap'], { cwd: folder, encoding: 'utf8' });
  t.deepEqual(countTap(stdout), { passed: 3, failed: 1, skipped: 3 }, stdout);
  t.regex(stdout, /lacks something \(left out: no moon\) # SKIP\n/);
});

test('pytest’s own summary', (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(
    join(folder, 'test_some.py'),
    `import pytest
def test_passes(): pass
def test_passes_too(): pass
def test_fails(): assert False
def test_skips(): pytest.skip("no moon")
@pytest.fixture
def broken(): raise ValueError
def test_errs(broken): pass
`,
  );
  const args = ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', folder];
  const { stdout } = spawnSync(venvPython, args, { encoding: 'utf8' });
  t.deepEqual(countPytest(stdout), { passed: 2, failed: 2, skipped: 1 }, stdout);
});

test('what a test leaves running ends with it, and is not waited for', async (t) => {
  const folder = temporaryFolder(t);
  const file = join(folder, 'pid');
  writeFileSync(
    join(folder, 'test_leaves.py'),
    `import subprocess
def test_leaves(capfd):
    with capfd.disabled():
        child = subprocess.Popen(["sleep", "600"])
    open(${JSON.stringify(file)}, "w").write(str(child.pid))
`,
  );
  t.like(await runPytest(folder, { shown: false }), { passed: 1, failed: 0 });
  const command = `/proc/${readFileSync(file, 'utf8')}/cmdline`;
  t.is(existsSync(command) ? readFileSync(command, 'utf8') : '', '', 'gone, or about to be');
});

test('the longest run first; of those that never ran pytest, then the last files', (t) => {
  const names = ['test/01.a.test.mjs', 'test/02.b.test.mjs', 'test/03.c.test.mjs', 'test/04.d.test.mjs'];
  const known = { [names[0]]: 5, [names[1]]: 70 };
  const jobs = [...names, 'test/native'].map((name) => ({ name }));
  t.deepEqual(
    longestFirst(jobs, known).map(({ name }) => name),
    ['test/native', names[3], names[2], names[1], names[0]],
  );
});

test('the last line', (t) => {
  const said = (results) => {
    const program = `import { report } from './scripts/runners.mjs'; process.exitCode = report(${JSON.stringify(results)});`;
    const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      cwd: root,
      encoding: 'utf8',
    });
    return [status, stdout];
  };
  const one = { passed: 3, failed: 0, skipped: 2 };
  t.deepEqual(said([one, { passed: 1, failed: 0, skipped: 1 }]), [0, '4 passed, 0 failed, 3 skipped\n']);
  t.deepEqual(said([{ ...one, skipped: 0 }]), [0, '3 passed, 0 failed\n']);
  t.deepEqual(said([{ ...one, failed: 1 }]), [1, '3 passed, 1 failed, 2 skipped\n']);
  t.deepEqual(said([{ passed: 0, failed: 0, skipped: 0 }]), [1, '0 passed, 0 failed\n'], 'nothing was run');
});
