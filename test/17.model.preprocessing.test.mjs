// A model beside what its owner's pipeline makes of a clip: how far off, and which options come closest.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { findModel, loadModel, readExpected, verifyPreprocessing, writeNpy } from 'fep-native';
import { temporaryFolder } from './helpers/libtorch.mjs';
import { reference } from './helpers/python.mjs';

const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'fep-test-'));
const file = (name) => join(folder, name);
const CLIP = file('clip.npy');
const INPUT = { layout: 'NCTHW', frames: 4, height: 12, width: 10 };
const FLAGS = ['--layout', 'NCTHW', '--frames', '4', '--size', '12x10', '--activation', 'softmax'];

const OURS = { antialias: true, interpolation: 'bilinear', order: 'RGB', low: 0, high: 1 };
/** Owners, with the frames that they take of 15, and what of our defaults has to change for them. */
const OWNERS = [
  { owner: { ...OURS, frames: [1, 5, 9, 13] }, change: {} },
  {
    owner: { ...OURS, frames: [0, 3, 6, 9], antialias: false },
    change: { sampling: { type: 'uniform', offset: 'step' }, resize: { antialias: false } },
  },
  {
    owner: { ...OURS, frames: [0, 3, 7, 11], interpolation: 'bicubic', order: 'BGR', low: -1 },
    change: {
      sampling: { type: 'uniform', offset: 'start' },
      resize: { interpolation: 'bicubic' },
      channelOrder: 'BGR',
      pixelRange: [-1, 1],
    },
  },
  {
    owner: { ...OURS, frames: [2, 6, 10, 14], antialias: false, interpolation: 'bicubic', high: 255 },
    change: {
      sampling: { type: 'uniform', offset: 'end' },
      resize: { antialias: false, interpolation: 'bicubic' },
      pixelRange: [0, 255],
    },
  },
  // Frames 3 to 10 in a row from 4 on: 4 of 6 from the start.
  {
    owner: { ...OURS, frames: [4, 5, 6, 7], antialias: false },
    input: { sampling: { type: 'dense', stride: 1 } },
    range: { start: 4, end: 10 },
    change: { sampling: { type: 'dense', stride: 1, offset: 'start' }, resize: { antialias: false } },
  },
];

test.before(async () => {
  writeFileSync(file('owners.json'), JSON.stringify(OWNERS.map(({ owner }) => owner)));
  await reference('preprocessing_model.py', folder);
});
test.after.always(() => rmSync(folder, { recursive: true }));

async function load(t, n, input = {}) {
  const model = await loadModel(file(`${n}.pt`), { input: { ...INPUT, ...input }, activation: 'softmax' });
  t.teardown(() => model.dispose());
  return model;
}

for (const [n, { input, range, change }] of OWNERS.entries())
  test.serial(`owner ${n}: finds ${JSON.stringify(change)}`, async (t) => {
    const expected = await readExpected(file(`expected-${n}.json`));
    t.is(expected.length, 5);
    const found = await verifyPreprocessing(await load(t, n, input), CLIP, expected, range);
    const isOurs = Object.keys(change).length === 0;
    t.is(found.agrees, isOurs);
    t.deepEqual(found.closest.change, change);
    t.true(found.closest.largest < 0.003, `${found.closest.largest}`);
    t.true(isOurs || found.largest > 0.02, `${found.largest}`);
    for (const { index, expected: value, found: probability, difference } of found.classes) {
      t.is(value, expected[index]);
      t.is(difference, probability - value);
    }
    const sizes = found.classes.map(({ difference }) => Math.abs(difference));
    t.deepEqual(
      sizes,
      [...sizes].sort((a, b) => b - a),
    );
    t.is(found.largest, sizes[0]);
    // Fed by what was found, the model agrees.
    const mended = await verifyPreprocessing(
      await load(t, n, { ...input, ...change }),
      CLIP,
      expected,
      range,
    );
    t.true(mended.agrees);
    t.deepEqual(mended.closest.change, {});
    t.is(mended.largest, found.closest.largest);
  });

test.serial('every combination is tried, those that make the same clip once', async (t) => {
  const nowhere = [0, 0, 0, 0, 1];
  const progress = [];
  const model = await load(t, 0);
  const onProgress = (done, of) => progress.push(`${done}/${of}`);
  const found = await verifyPreprocessing(model, CLIP, nowhere, { onProgress });
  t.is(found.tried, 4 * 4 * 2 * 3);
  t.is(progress.length, 96);
  t.is(progress.at(-1), '96/96');
  const own = await load(t, 0, { pixelRange: [0, 2] });
  t.is((await verifyPreprocessing(own, CLIP, nowhere)).tried, 128);
  const square = file('square.npy'); // as large as the model wants, as many frames, grey: only the range is left
  await writeNpy(square, { data: new Uint8Array(4 * 12 * 10 * 3).fill(99), shape: [4, 12, 10, 3] });
  t.is((await verifyPreprocessing(model, square, nowhere)).tried, 3);
});

test.serial('an array of floats is compared, and nothing else is tried', async (t) => {
  const path = file('floats.npy');
  await writeNpy(path, { data: new Float32Array(3 * 4 * 12 * 10), shape: [3, 4, 12, 10] });
  const even = [0.2, 0.2, 0.2, 0.2, 0.2]; // a linear model without a bias on zeros
  const found = await verifyPreprocessing(await load(t, 1), path, even);
  t.true(found.agrees && found.largest < 1e-6);
  t.is(found.tried, 1);
});

test.serial('expected values that do not fit are refused', async (t) => {
  const path = file('wrong.json');
  const model = await load(t, 0);
  const refused = async (text, message) => {
    writeFileSync(path, text);
    const verify = async () => verifyPreprocessing(model, CLIP, await readExpected(path));
    await t.throwsAsync(verify, { code: 'FEP_USAGE', message }, text);
  };
  await refused('[0.5, 0.5]', /2 expected probabilities, the model has 5/);
  await refused('[50, 50, 0, 0, 0]', /from 0 to 1/);
  await refused('[0.1, -0.1, 0, 0, 0]', /from 0 to 1/);
  for (const text of ['[]', '{}', '3', 'null', '"x"', '[["a"]]', '{"0": null}', '{"probabilities": 3}'])
    await refused(text, /must be probabilities/);
  await refused('[NaN]', /cannot be read/);
  await refused('{"class 9": 1}', /no class class 9/);
  await t.throwsAsync(readExpected(file('none.json')), { code: 'FEP_USAGE', message: /none\.json/ });
  for (const within of [-1, 2, Number.NaN, '1'])
    await t.throwsAsync(verifyPreprocessing(model, CLIP, [0, 0, 0, 0, 1], { within }), { code: 'FEP_USAGE' });
});

function verify(n, ...flags) {
  const args = ['models', 'verify', file(`${n}.pt`), ...FLAGS, '--quiet', ...flags];
  return spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' });
}

test.serial('models verify --expect says which flags to give, and ends with 1 until they are given', (t) => {
  const expect = ['--clip', CLIP, '--expect', file('expected-1.json')];
  const before = verify(1, ...expect);
  t.is(before.status, 1, before.stderr);
  t.regex(before.stdout, /CLASS +EXPECTED +FOUND +DIFFERENCE\n/);
  t.regex(
    before.stdout,
    /With --no-antialias --sampling uniform:step the largest difference is 0(\.\d+)? points\./,
  );
  const after = verify(1, ...expect, '--no-antialias', '--sampling', 'uniform:step');
  t.is(after.status, 0, after.stdout + after.stderr);
  t.regex(after.stdout, /The current options come closest/);
  t.is(verify(1, ...expect, '--within', '1').status, 0);
  const json = verify(1, ...expect, '--json');
  t.is(json.status, 1);
  const { preprocessing } = JSON.parse(json.stdout);
  t.deepEqual(preprocessing.closest.change, OWNERS[1].change);
  t.false(preprocessing.agrees);
});

test.serial('expected values by class name, some of them, and under a key', (t) => {
  const names = ['walk', 'run', 'jump', 'sit', 'lie'];
  writeFileSync(file('classes.txt'), names.join('\n'));
  const values = JSON.parse(readFileSync(file('expected-0.json'), 'utf8'));
  const some = { lie: values[4], run: values[1] };
  for (const [content, count] of [
    [some, 2],
    [{ probabilities: some }, 2],
    [{ probabilities: [values] }, 5],
  ]) {
    writeFileSync(file('named.json'), JSON.stringify(content));
    const { status, stdout, stderr } = verify(
      0,
      '--classes',
      file('classes.txt'),
      '--clip',
      CLIP,
      '--expect',
      file('named.json'),
      '--json',
    );
    t.is(status, 0, stderr);
    const { classes } = JSON.parse(stdout).preprocessing;
    t.is(classes.length, count);
    for (const { name, expected } of classes) t.is(expected, values[names.indexOf(name)]);
  }
});

test.serial('a clip without expected values is a wrong usage, and so is the reverse', (t) => {
  for (const flags of [
    ['--clip', CLIP],
    ['--expect', file('expected-0.json')],
    ['--within', '0.1'],
    ['--start', '2'],
  ]) {
    const { status, stderr } = verify(0, ...flags);
    t.is(status, 2, stderr);
    t.regex(stderr, /--clip CLIP and --expect/);
  }
});

test('flags change of a manifest only what they name', async (t) => {
  const path = join(temporaryFolder(t), 'm.pt');
  writeFileSync(path, readFileSync(file('0.pt')));
  const resize = { mode: 'short-side', size: 20, antialias: false, interpolation: 'bicubic' };
  const manifest = { name: 'm', input: { ...INPUT, resize }, output: { activation: 'softmax' } };
  writeFileSync(path.replace('.pt', '.json'), JSON.stringify(manifest));
  const found = async (input) => (await findModel(path, { input })).manifest.input.resize;
  t.deepEqual(await found({}), resize);
  t.deepEqual(await found({ resize: { antialias: true } }), { ...resize, antialias: true });
  t.deepEqual(await found({ resize: { interpolation: 'bilinear' } }), {
    ...resize,
    interpolation: 'bilinear',
  });
  const filter = { antialias: false, interpolation: 'bicubic' };
  t.deepEqual(await found({ resize: { mode: 'stretch' } }), { mode: 'stretch', ...filter });
  t.deepEqual(await found({ resize: { mode: 'short-side', size: 30, antialias: true } }), {
    mode: 'short-side',
    size: 30,
    antialias: true,
    interpolation: 'bicubic',
  });
  for (const wrong of ['stretch', null, 3, { antialias: 1 }, { size: 3, mode: 'stretch' }])
    await t.throwsAsync(found({ resize: wrong }), undefined, JSON.stringify(wrong));
  const flags = [
    ['--antialias'],
    ['--resize', 'stretch:16x18'],
    ['--interpolation', 'bilinear', '--pixel-range=-1..1'],
  ];
  const by = (more) => {
    const args = ['models', 'inspect', path, '--manifest-only', '--json', ...more];
    const { stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' });
    return JSON.parse(stdout).manifest?.input ?? stderr;
  };
  t.deepEqual(by(flags[0]).resize, { ...resize, antialias: true });
  t.deepEqual(by(flags[1]).resize, { mode: 'stretch', height: 16, width: 18, ...filter });
  t.deepEqual(by(flags[2]).resize, { ...resize, interpolation: 'bilinear' });
  t.deepEqual(by(flags[2]).pixelRange, [-1, 1]);
  t.deepEqual(by(['--pixel-range', '-1..1', '--sampling', 'dense:3:end']).sampling, {
    type: 'dense',
    stride: 3,
    offset: 'end',
  });
  for (const wrong of ['uniform:late', 'dense:step', 'dense:0', 'uniform:2', 'dense:2:end:x', ''])
    t.regex(by(['--sampling', wrong]), /It must be uniform/, wrong);
  for (const wrong of ['0', '255..0', '0..1..2', '..', 'a..b'])
    t.regex(by(['--pixel-range', wrong]), /It must be/, wrong);
});
