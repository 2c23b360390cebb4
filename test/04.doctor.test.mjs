// doctor: what it looks at, and that every problem comes with what to do.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { checkCache } from '../dist/doctor/checkCache.js';
import { checkCuda } from '../dist/doctor/checkCuda.js';
import { checkDecoder } from '../dist/doctor/checkDecoder.js';
import { checkLibtorch } from '../dist/doctor/checkLibtorch.js';
import { checkModels } from '../dist/doctor/checkModels.js';
import { checkNode } from '../dist/doctor/checkNode.js';
import { examine } from '../dist/doctor/examine.js';
import { temporaryFolder } from './helpers/libtorch.mjs';

/** An environment whose only program is an nvidia-smi that prints this. */
function withDriver(t, answer) {
  const folder = temporaryFolder(t);
  if (answer) writeFileSync(join(folder, 'nvidia-smi'), `#!/bin/sh\necho '${answer}'\n`, { mode: 0o755 });
  return { env: { PATH: folder } };
}

test('everything is examined, and every failure names its fix', (t) => {
  const checks = examine();
  const names = [
    'node',
    'platform',
    'libtorch',
    'addon',
    'cuda',
    'video decoder',
    'models',
    'importing models',
    'cache',
    'cpu',
    'memory',
  ];
  t.deepEqual(
    checks.map(({ name }) => name),
    names,
  );
  for (const { name, status, detail, fix } of checks) {
    t.true(['ok', 'warn', 'fail'].includes(status), name);
    t.true(detail.length > 0, name);
    if (status === 'fail') t.true(fix.length > 0, name);
  }
});

test('Node before 20.9 is too old', (t) => {
  t.is(checkNode('20.8.1').status, 'fail');
  t.is(checkNode('18.20.0').status, 'fail');
  t.is(checkNode('20.9.0').status, 'ok');
  t.is(checkNode('26.0.0').status, 'ok');
});

test('CUDA: driver and libtorch must go together', (t) => {
  const driver = 'NVIDIA H200, 580.65.06';
  t.like(checkCuda('cpu', withDriver(t)), { status: 'ok' });
  t.like(checkCuda('cu130', withDriver(t, driver)), {
    status: 'ok',
    detail: 'NVIDIA H200, driver 580.65.06, libtorch cu130',
  });
  const facts = { variant: 'cu130', devices: 1, operators: true };
  t.like(checkCuda('cu130', withDriver(t, driver), facts), { status: 'ok' });
  t.like(checkCuda('cu130', withDriver(t, driver), { ...facts, devices: 0 }), { status: 'warn' });
  t.regex(checkCuda('cu130', withDriver(t, driver), { ...facts, operators: false }).fix, /--cuda on/);
  t.regex(checkCuda('cpu', withDriver(t, driver)).fix, /libtorch install --variant cu130/);
  t.regex(checkCuda('cu130', withDriver(t)).detail, /no NVIDIA driver/);
  t.regex(checkCuda('cu130', withDriver(t, 'Tesla T4, 535.10')).fix, /Update the NVIDIA driver/);
});

test('a missing libtorch is a failure with the command', (t) => {
  const env = { FEP_LIBTORCH: join(temporaryFolder(t), 'gone') };
  const { check, libtorch } = checkLibtorch({ env });
  t.is(libtorch, undefined);
  t.like(check, { name: 'libtorch', status: 'fail' });
  t.regex(check.fix, /npm run setup|libtorch install/);
});

test('a cache that cannot be written to is a warning', (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'file'), '');
  t.is(checkCache({ env: { FEP_CACHE: join(folder, 'new') } }).status, 'ok');
  t.like(checkCache({ env: { FEP_CACHE: join(folder, 'file') } }), { status: 'warn' });
});

test('models and decoder say what they found', (t) => {
  const folder = temporaryFolder(t);
  t.is(checkModels(folder).status, 'warn');
  mkdirSync(join(folder, 'models'));
  writeFileSync(join(folder, 'models', 'a.pt'), '');
  t.regex(checkModels(join(folder, 'models')).detail, /^a\.pt in /);
  t.regex(checkDecoder().detail, /node-av \d|ffmpeg/);
});
