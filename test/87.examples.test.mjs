// The examples, run as their readers run them.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { createStudio } from 'fep-native/studio';
import { askStudio } from '../examples/server/server.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';

const path = (file) => fileURLToPath(new URL(`../${file}`, import.meta.url));

test.serial('server: progress, then the explanation; what is wrong is said', async (t) => {
  const studio = await createStudio({ folder: temporaryFolder(t) });
  t.teardown(() => studio.close());
  const ask = (options, onProgress) =>
    askStudio(studio.address, path('models/sample.mp4'), {
      model: 'shipped:r2plus1d-mini',
      options,
      onProgress,
    });
  const told = [];
  const document = await ask({ iterations: 12 }, (progress) => told.push(progress));
  t.like(told.at(-1), { iteration: 11, iterations: 12 });
  t.like(document, { kind: 'explanation', target: 'clockwise', clip: { name: 'sample.mp4', frames: 16 } });
  await t.throwsAsync(ask({ method: 'epp' }), { code: 'FEP_USAGE' });
});

test.serial('gate: passes above its limit and fails below', (t) => {
  const run = (limit) =>
    spawnSync(
      process.execPath,
      [path('examples/stc-gate.mjs'), '--clips', '1', '--iterations', '40', '--limit', limit],
      { encoding: 'utf8' },
    );
  const passing = run('0.1');
  t.is(passing.status, 0, passing.stdout + passing.stderr);
  t.regex(passing.stdout, /STC@10 \d+\.\d %\nmean .*: passed\n$/);
  const failing = run('1');
  t.is(failing.status, 1);
  t.regex(failing.stdout, /FAILED/);
});
