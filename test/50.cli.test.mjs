// The command line: what it prints where, what it writes, how it ends.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { readFrames, readNpy } from 'fep-native';
import { synthesize } from 'fep-native/datasets';
import { locateLibtorch } from '../dist/libtorch/locate.js';
import { difference, golden, goldenArray } from './helpers/golden.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';
import { cli, cliHere } from './helpers/program.mjs';

const CLIP = golden('clip.npy');
const BARE = ['--model', golden('tiny.pt'), '--layout', 'NCTHW', '--frames', '16', '--size', '64'];
const TINY = [...BARE, '--mean', '0', '--std', '1', '--activation', 'logits'];
const COARSE = ['--method', 'ep', '--step', '16', '--sigma', '23'];

const NO_LIBTORCH = { env: { FEP_LIBTORCH: '/nonexistent/libtorch' } };
const withoutLibtorch = (args) => cli(args, NO_LIBTORCH);

test.serial('explain --tune says which form of the model it took', (t) => {
  const env = { FEP_CACHE: temporaryFolder(t), FEP_LIBTORCH: locateLibtorch().root };
  const out = temporaryFolder(t);
  const args = ['explain', CLIP, ...TINY, '--method', 'gradients', '--quiet', '--out', out];
  const plain = cli(args, { env });
  t.is(plain.status, 0, plain.stderr);
  t.notRegex(plain.stdout, /Fastest form/);
  const tuned = cli([...args, '--tune'], { env });
  t.is(tuned.status, 0, tuned.stderr);
  const words =
    /^Fastest form of the model here: batch normalisation (folded|as it is), weights (?:as )?([a-z-]+), /m;
  t.regex(tuned.stdout, words);
  const [, norm, memoryFormat] = words.exec(tuned.stdout);
  const { foldBatchNorm, ...saved } = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'));
  t.is(foldBatchNorm, norm === 'folded');
  t.is(saved.memoryFormat, memoryFormat);
});

test('help and version need no libtorch', (t) => {
  for (const args of [
    ['--help'],
    ['explain', '--help'],
    ['models', '--help'],
    ['libtorch', 'install', '--help'],
  ]) {
    const { status, stdout, stderr } = cli(args, NO_LIBTORCH);
    t.is(status, 0, stderr);
    t.regex(stdout, /^Usage: fep-native/);
    t.is(stderr, '');
  }
  const { stdout } = cli(['explain', '--help'], NO_LIBTORCH);
  const options = [
    '--model',
    '--method',
    '--target',
    '--area',
    '--iterations',
    '--step',
    '--sigma',
    '--low-ratio',
  ];
  const others = [
    '--high-ratio',
    '--domain',
    '--device',
    '--precision',
    '--seed',
    '--out',
    '--json',
    '--quiet',
  ];
  for (const option of [...options, ...others])
    t.true(stdout.includes(`${option} `) || stdout.includes(`${option}\n`), option);
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  t.is(cli(['--version'], NO_LIBTORCH).stdout, `${version}\n`);
});

test('explain: the golden case through the command line', async (t) => {
  const out = join(temporaryFolder(t), 'results');
  const settings = ['--method', 'ep', '--iterations', '60', '--area', '0.1', '--step', '7', '--sigma', '11'];
  const { status, stdout, stderr } = cli([
    'explain',
    CLIP,
    ...TINY,
    ...settings,
    '--target',
    '6',
    '--out',
    out,
    '--json',
  ]);
  t.is(status, 0, stderr);

  t.is(stdout.trimEnd().split('\n').length, 1, 'one line');
  const printed = JSON.parse(stdout);
  t.like(printed, { method: 'ep', target: { index: 6 }, predicted: { index: 6 } });
  const files = ['mask.npy', 'result.json', 'overlay.mp4', 'sheet.png', 'report.html'];
  t.deepEqual(readdirSync(out).sort(), [...files].sort());
  for (const file of files) t.true(statSync(join(out, file)).size > 100, file);
  t.deepEqual(printed.explanations[0].files, {
    area: 0.1,
    folder: out,
    mask: join(out, 'mask.npy'),
    result: join(out, 'result.json'),
    overlay: join(out, 'overlay.mp4'),
    overlays: [join(out, 'overlay.mp4')],
    sheet: join(out, 'sheet.png'),
    report: join(out, 'report.html'),
  });
  t.regex(stderr, /iteration 60\/60/, 'progress on stderr');
  t.false(stderr.includes('\u001b') || stderr.includes('\r'), 'no animation without a terminal');

  const mask = await readNpy(join(out, 'mask.npy'));
  t.is(mask.dtype, 'float32');
  t.deepEqual(mask.shape, [16, 64, 64]);
  t.true(mask.data.every((m) => m >= 0 && m <= 1));
  const off = difference(mask.data, await goldenArray('3d_ep-60-a0.1-s7-11.mask.npy'));
  t.true(off.mean <= 2e-3, `off by ${off.mean} in the mean`); // see 40.golden
  t.true(off.maximum <= 0.15, `off by ${off.maximum}`);

  const result = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'));
  t.like(result, { schemaVersion: 1, method: 'ep', target: { index: 6 }, seed: 0, area: 0.1 });
  t.like(result.config, {
    iterations: 60,
    step: 7,
    sigma: 11,
    areas: [0.1],
    rewardWeight: 100,
    areaWeight: 300,
  });
  t.regex(result.model.sha256, /^[0-9a-f]{64}$/);
  t.true(result.probability.original > 0.9 && result.probability.explained > 0.9);
  t.is(result.predicted.original.index, 6);
  t.is(result.predicted.explained.index, 6);
  t.is(result.energy.length, 60);
  t.deepEqual(Object.keys(result.energy[0]).sort(), ['area', 'core', 'iteration', 'reward']);
  const kept = mask.data.reduce((sum, m) => sum + m, 0) / mask.data.length;
  t.true(Math.abs(result.realisedArea - kept) < 1e-6);
  t.is(result.realisedArea, printed.explanations[0].realisedArea);
  t.true(result.timing.seconds > 0 && result.timing.modelSeconds > 0);
  t.true(Object.keys(result.versions).length > 0);

  const overlay = await readFrames(join(out, 'overlay.mp4'));
  t.is(overlay.frames, 16);
});

test('explain: a saliency method through the command line', async (t) => {
  const out = join(temporaryFolder(t), 'results');
  const args = ['explain', CLIP, ...TINY, '--out', out];
  const cam = cli([
    ...args,
    '--method',
    'grad-cam',
    '--layer',
    'layers.2',
    '--cam-weights',
    'frame',
    '--json',
  ]);
  t.is(cam.status, 0, cam.stderr);
  const printed = JSON.parse(cam.stdout);
  t.like(printed, { method: 'grad-cam', target: { index: 6 } });
  t.like(printed.explanations[0], { area: null, details: { layer: 'layers.2' } });
  t.like(JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')).config, { camWeights: 'frame' });
  const rise = cli([...args, '--method', 'rise', '--samples', '9', '--cells', '2,4,4', '--seed', '3']);
  t.is(rise.status, 0, rise.stderr);
  t.regex(rise.stdout, /RISE took/);
  t.regex(rise.stderr, /iteration 9\/9 +ETA/);
  const { config, seed } = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'));
  t.like(config, { method: 'rise', samples: 9, cells: [2, 4, 4] });
  t.is(seed, 3);
});

test('explain: the overlay as GIF and WebP', async (t) => {
  const out = join(temporaryFolder(t), 'results');
  const args = ['explain', CLIP, ...TINY, '--method', 'center', '--out', out, '--quiet'];
  t.is(cli(args).status, 0);
  const { status, stdout, stderr } = cli([...args, '--overlay-format', 'gif,webp']);
  t.is(status, 0, stderr);
  t.regex(stdout, /overlay\.gif\n +.*overlay\.webp\n/);
  const overlays = ['overlay.gif', 'overlay.webp'];
  const found = readdirSync(out).filter((name) => name.startsWith('overlay'));
  t.deepEqual(found.sort(), overlays, 'the .mp4 of before shows another mask and is gone');
  for (const name of overlays) t.is((await readFrames(join(out, name))).frames, 16, name);
});

test('explain: text for people on stdout; --quiet leaves stderr empty', (t) => {
  const folder = temporaryFolder(t);
  const args = [
    'explain',
    CLIP,
    ...TINY,
    ...COARSE,
    '--iterations',
    '2',
    '--area',
    '0.1,0.3',
    '--out',
    'here',
    '--quiet',
  ];
  const { status, stdout, stderr } = cli(args, { cwd: folder });
  t.is(status, 0, stderr);
  t.is(stderr, '');
  t.regex(stdout, /^class 6: \d+\.\d % on the clip/);
  t.regex(stdout, /2 iterations in \d/);
  t.deepEqual(readdirSync(join(folder, 'here')).sort(), ['area-0.1', 'area-0.3']);
});

/** Asserts how a command fails: the code, what it says on stderr, nothing on stdout. */
async function fails(t, args, code, pattern, run = cliHere) {
  const out = join(temporaryFolder(t), 'out');
  const all = args[0] === 'explain' ? [...args, '--out', out] : args;
  const { status, stdout, stderr } = await run(all);
  const what = args.join(' ');
  t.is(status, code, `${what}\n${stderr}`);
  t.is(stdout, '', what);
  t.regex(stderr, pattern, what);
  t.false(existsSync(out), `${what}: nothing is written`);
  t.notRegex(stderr, /\n\s+at .*\.js:\d+/, `${what}: no stack`);
}

test.serial('2: what the user got wrong', async (t) => {
  await fails(t, ['explain'], 2, /either a clip or a sample/, cli);
  await fails(t, ['explain', CLIP, '--iterations', 'many'], 2, /--iterations.*must be a number/);
  await fails(t, ['explain', CLIP, '--iterations', '1.5'], 2, /--iterations.*whole number/);
  await fails(t, ['explain', CLIP, '--iterations', '0'], 2, /iterations/);
  await fails(t, ['explain', CLIP, '--area', '2'], 2, /area/);
  await fails(t, ['explain', CLIP, '--method', 'gradcam'], 2, /Allowed choices are/);
  await fails(t, ['explain', CLIP, ...TINY, '--low-ratio', '0.8', '--high-ratio', '0.5'], 2, /0\.8 and 0\.5/);
  await fails(
    t,
    ['explain', CLIP, ...TINY, '--method', 'ep', '--low-ratio', '0.5'],
    2,
    /lowRatio belongs to .*f-ep/,
  );
  await fails(
    t,
    ['explain', CLIP, ...TINY, '--method', 'rise', '--area', '0.1'],
    2,
    /area belongs to .*f-ep/,
  );
  await fails(
    t,
    ['explain', CLIP, ...TINY, '--method', 'rise', '--cells', '4,7'],
    2,
    /3 numbers separated by commas/,
  );
  const cam = ['explain', CLIP, ...TINY, '--method', 'grad-cam', '--layer', 'layer.2'];
  await fails(t, cam, 2, /no layer layer\.2[\s\S]*layers\.2/);
  await fails(t, ['explain', CLIP, ...TINY, '--target', '99'], 2, /no class 99[\s\S]*0 to 7/);
  await fails(t, ['explain', CLIP, '--model', golden('tiny.pt')], 2, /--layout --frames --size --activation/);
  await fails(t, ['explain', CLIP, ...BARE], 2, /Add --activation /);
  await fails(t, ['explain', CLIP, ...TINY, '--classes', 'gone.txt'], 2, /gone\.txt/);
  await fails(t, ['explain', CLIP, ...TINY, '--threads', '1000000000'], 2, /threads/);
});

test.serial('2: a misspelt command or option is answered with the right one', async (t) => {
  await fails(t, ['explian', CLIP], 2, /unknown command 'explian'[\s\S]*Did you mean explain\?/, cli);
  await fails(
    t,
    ['explain', CLIP, '--iteratons', '5'],
    2,
    /unknown option '--iteratons'[\s\S]*Did you mean --iterations\?/,
  );
  await fails(t, ['models', 'verfy', 'x'], 2, /unknown command 'verfy' of models\n\(Did you mean verify\?\)/);
  await fails(t, ['explain', CLIP, '--overlay-format', 'gif,wbp'], 2, /Did you mean webp\? .*mp4, gif, webp/);
});

test.serial('3: what this machine lacks', async (t) => {
  await fails(t, ['explain', CLIP, '--model', 'no-such-model'], 3, /no-such-model[\s\S]*r2plus1d-mini/, cli);
  await fails(t, ['explain', CLIP, ...TINY], 3, /FEP_LIBTORCH \(\/nonexistent\/libtorch\)/, withoutLibtorch);
  await fails(t, ['models', 'verify', 'tsm-mini'], 3, /FEP_LIBTORCH/, withoutLibtorch);
  t.is(cli(['doctor'], NO_LIBTORCH).status, 3);
});

test.serial('1: what cannot be done', async (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, 'clip.mp4');
  writeFileSync(path, 'no video');
  await fails(t, ['explain', path, ...TINY], 1, /clip\.mp4/, cli);
  await fails(t, ['explain', join(folder, 'gone.mp4'), ...TINY], 1, /gone\.mp4/);
  const model = join(folder, 'model.pt');
  writeFileSync(model, 'no model');
  await fails(t, ['explain', CLIP, '--model', model], 1, /not a TorchScript archive/);
});

test('--json: a failure is one JSON object too', (t) => {
  const usage = cli(['explain', CLIP, '--iteratons', '5', '--json']);
  t.is(usage.status, 2);
  t.like(JSON.parse(usage.stdout).error, { code: 'FEP_USAGE' });
  t.regex(usage.stderr, /^error: unknown option/);
  const { status, stdout, stderr } = cli(['explain', CLIP, '--model', 'no-such-model', '--json']);
  t.is(status, 3);
  t.like(JSON.parse(stdout).error, { code: 'FEP_MODEL_NOT_FOUND' });
  t.regex(stderr, /^error: /);
});

test('models: list, inspect, verify', (t) => {
  const listed = JSON.parse(cli(['models', 'list', '--json'], NO_LIBTORCH).stdout);
  t.deepEqual(
    listed.models.map(({ name }) => name),
    ['r2plus1d-mini', 'transformer-mini', 'tsm-mini'],
  );
  t.regex(cli(['models']).stdout, /NAME\s+ARCHITECTURE[\s\S]*tsm-mini\s+TSM\s+16x112x112\s+10/);

  const inspect = ['models', 'inspect', 'tsm-mini'];
  const { path, manifest, layers } = JSON.parse(cli([...inspect, '--json']).stdout);
  t.true(existsSync(path));
  t.like(manifest, { name: 'tsm-mini', input: { layout: 'NTCHW', frames: 16 } });
  t.like(layers[0], { name: 'features', shape: [1, 64, 16, 14, 14], maps: 'NCTHW' });
  t.like(layers.at(-1), { name: 'classifier', type: 'Linear', maps: null });
  t.regex(cli(inspect).stdout, /\nblocks\.0\.branch\.1 +Conv2d +16x32x28x28 +TCHW\n/);
  // Without libtorch there is the manifest still.
  const bare = cli([...inspect, '--json'], NO_LIBTORCH);
  t.is(bare.status, 0);
  t.like(JSON.parse(bare.stdout), { manifest: { name: 'tsm-mini' }, layers: null });
  t.regex(bare.stderr, /layers cannot be listed.*FEP_LIBTORCH/s);
  t.is(cli([...inspect, '--manifest-only'], NO_LIBTORCH).stderr, '');

  const verified = cli(['models', 'verify', 'tsm-mini', '--json']);
  t.is(verified.status, 0, verified.stderr);
  t.like(JSON.parse(verified.stdout), { classes: 10, parameters: 296090, reference: 'reproduced' });
  t.like(JSON.parse(cli(['models', 'verify', ...TINY.slice(1), '--json']).stdout), {
    classes: 8,
    reference: 'none in the manifest',
  });
});

for (const format of ['mp4', 'npy']) {
  test(`dataset synth: ${format}`, async (t) => {
    const out = temporaryFolder(t);
    const made = ['--count', '3', '--start', '4', '--seed', '5', '--frames', '6', '--size', '48x64'];
    const { status, stdout, stderr } = cli([
      'dataset',
      'synth',
      ...made,
      '--format',
      format,
      '--out',
      out,
      '--json',
    ]);
    t.is(status, 0, stderr);
    t.deepEqual(JSON.parse(stdout), { clips: 3, manifest: join(out, 'manifest.json') });
    const { clips } = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
    t.is(clips.length, 3);
    t.is(readdirSync(join(out, 'clips')).length, 3);
    for (const [i, { path, label, boxes }] of clips.entries()) {
      const expected = synthesize({ seed: 5, index: 4 + i, frames: 6, height: 48, width: 64 });
      t.is(label, expected.className);
      t.deepEqual(boxes, expected.boxes);
      t.is(boxes.length, 6);
      for (const { x, y, width, height } of boxes.filter(Boolean)) {
        t.true(x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= 64 && y + height <= 48);
      }
      const stack = await readFrames(join(out, path));
      t.deepEqual([stack.frames, stack.height, stack.width], [6, 48, 64]);
      const { mean } = difference(stack.data, expected.rgb);
      // npy keeps every byte; the video keeps colours at half the resolution.
      t.true(mean <= (format === 'npy' ? 0 : 6), `${path}: off by ${mean}`);
    }
  });
}

test('doctor: all is well here', (t) => {
  const { status, stdout, stderr } = cli(['doctor', '--json']);
  t.is(status, 0, stderr);
  const { checks } = JSON.parse(stdout);
  t.deepEqual(
    checks.filter((check) => check.status === 'fail'),
    [],
  );
  t.true(checks.some(({ name }) => name === 'libtorch'));
  t.regex(cli(['doctor']).stdout, /^✓ node +v\d/);
});

test('libtorch list: every place, and the one that is used', (t) => {
  const { status, stdout } = cli(['libtorch', 'list', '--json']);
  t.is(status, 0);
  const { places } = JSON.parse(stdout);
  t.is(places.filter((place) => place.status === 'used').length, 1);
  t.regex(cli(['libtorch']).stdout, /^WHERE +STATUS +VERSION +PATH\n/);
  const explicit = JSON.parse(cli(['libtorch', 'list', '--json'], NO_LIBTORCH).stdout).places[0];
  t.like(explicit, { origin: 'FEP_LIBTORCH', path: '/nonexistent/libtorch', status: 'absent' });
});
