// The average over several views of a video: which views, what the model makes of them, and what explains that.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import {
  averageViews,
  explain,
  loadModel,
  METHODS,
  readClip,
  readNpy,
  reproduce,
  saveExplanation,
  writeNpy,
} from 'fep-native';
import { deletionInsertion } from 'fep-native/metrics';
import { resizeForCrops } from '../dist/clip/resize.js';
import { parseViews } from '../dist/clip/views.js';
import { checkSelection, clipsOf, selectFrames } from '../dist/frames/sampling.js';
import { makeFieldModels } from './helpers/fieldModels.mjs';
import { difference, golden, relative, softmax, tiny } from './helpers/golden.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';
import { cli, cliHere } from './helpers/program.mjs';
import { exported } from './helpers/python.mjs';

const TARGET = 6;
/** The views of this video overlap in time and in space, and their frames have gaps: 30 of 59. */
const [TOTAL, HEIGHT, WIDTH, STRIDE] = [59, 64, 96, 2];
const UNION = { frames: 30, height: HEIGHT, width: WIDTH };
const INPUT = {
  layout: 'NCTHW',
  frames: 16,
  height: 64,
  width: 64,
  mean: [0.5, 0.4, 0.3],
  std: [0.2, 0.25, 0.3],
  sampling: { type: 'dense', stride: STRIDE },
  resize: { mode: 'short-side', size: 64 },
};
const SHORT = { method: 'f-ep', iterations: 6, step: 13, sigma: 23, area: 0.1, target: TARGET };
const SAMPLE = new URL('../models/sample.mp4', import.meta.url).pathname;

const models = makeFieldModels(test);
let video;
test.before(async () => {
  const folder = temporaryFolder({ teardown: (clean) => process.once('exit', clean) });
  video = join(folder, 'video.npy');
  await writeNpy(video, { data: pictures(TOTAL, HEIGHT, WIDTH), shape: [TOTAL, HEIGHT, WIDTH, 3] });
});

/** A bright square that crosses a pattern. */
function pictures(frames, height, width) {
  return Uint8Array.from({ length: frames * height * width * 3 }, (_, i) => {
    const [c, x, y] = [i % 3, Math.floor(i / 3) % width, Math.floor(i / (3 * width)) % height];
    const t = Math.floor(i / (3 * width * height));
    const inside = Math.abs(x - 10 - 1.2 * t) < 9 && Math.abs(y - 20 - 0.4 * t) < 9;
    return inside ? 230 - 40 * c : 110 + 50 * Math.sin(0.3 * x + 0.1 * t) + 40 * Math.cos(0.2 * y + c);
  });
}

/** A model without kinks, on which rounding stays rounding. */
const smooth = async () =>
  join(await exported((into) => ['smooth_model.py', join(into, 'smooth.pt')]), 'smooth.pt');

async function setUpSmooth(t, average) {
  const model = await loadModel(await smooth(), { input: INPUT, activation: 'logits' });
  t.teardown(() => model.dispose());
  const clip = await readClip(video, model.manifest.input, { views: '3x3' });
  const given = [await smooth(), video, 3, STRIDE, average, TARGET];
  const folder = await exported((into) => ['views.py', ...given, into]);
  const expected = async (name) => (await readNpy(join(folder, `${name}.npy`))).data;
  return { model, clip, averaged: averageViews(model, clip, { average }), expected };
}

async function setUp(t, views = '3x3', options = {}) {
  const model = await tiny(t, { input: INPUT });
  const clip = await readClip(video, model.manifest.input, { views });
  return { model, clip, averaged: averageViews(model, clip, options) };
}

/** The norm of the difference, relative to the norm of what is expected. */
function departure(found, wanted) {
  const norm = (values) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  return norm(found.map((value, i) => value - wanted[i])) / norm(wanted);
}

test('dense clips lie from the first frame to the last, and one where the sampling puts it', (t) => {
  const starts = (total, clips, more) =>
    clipsOf(total, { sampling: { type: 'dense', stride: 2 }, frames: 4, clips, ...more }).map(([at]) => at);
  t.deepEqual(starts(27, 3), [0, 10, 20]);
  t.deepEqual(starts(27, 4), [0, 7, 13, 20]);
  t.deepEqual([starts(28, 3)[1], starts(30, 3)[1]], [10, 12], 'halves to even, as NumPy rounds them');
  t.deepEqual(starts(27, 1), [10]);
  t.deepEqual(starts(100, 3, { start: 40, end: 67 }), [40, 50, 60]);
  t.deepEqual(starts(9, 4), [0, 1, 2], 'as many as differ');
  t.deepEqual(starts(7, 4), [0]);
  t.deepEqual(starts(3, 4), [0], 'a video that is shorter than a clip');
  const clips = clipsOf(27, { sampling: { type: 'dense', stride: 2 }, frames: 4, clips: 3 });
  t.deepEqual(clips[1], [10, 12, 14, 16]);
});

test('uniform clips take other frames of the same segments', (t) => {
  const sampling = { type: 'uniform', offset: 'start' };
  t.deepEqual(clipsOf(24, { sampling, frames: 3, clips: 2 }), [
    [2, 10, 18],
    [6, 14, 22],
  ]);
  const middle = clipsOf(24, { sampling: { type: 'uniform' }, frames: 3, clips: 3 })[1];
  t.deepEqual(middle, selectFrames(24, { sampling: { type: 'uniform' }, frames: 3 }));
  t.deepEqual(clipsOf(5, { sampling, frames: 3, clips: 2 }), [[0, 1, 3]], 'no room: as the sampling says');
  const step = { type: 'uniform', offset: 'step' };
  t.throws(() => checkSelection({ sampling: step, frames: 3, clips: 2 }), { code: 'FEP_USAGE' });
  t.notThrows(() => checkSelection({ sampling: step, frames: 3, clips: 1 }));
});

test('the union has each frame once, in order', (t) => {
  const selection = { sampling: { type: 'dense', stride: 2 }, frames: 3, clips: 2 };
  t.deepEqual(selectFrames(8, selection), [0, 2, 3, 4, 5, 7]);
  t.deepEqual(selectFrames(7, selection), [0, 2, 4, 6]);
});

test('crops leave the longer side whole', (t) => {
  const sizeOf = (height, width, resize, target = { height: 8, width: 8 }) => {
    const data = new Uint8Array(height * width * 3);
    const resized = resizeForCrops({ data, height, width }, target, resize);
    return [resized.height, resized.width];
  };
  t.deepEqual(sizeOf(20, 40, { mode: 'short-side', size: 8 }), [8, 16]);
  t.deepEqual(sizeOf(40, 20, { mode: 'short-side', size: 10 }), [20, 8], 'and the shorter as long as a crop');
  t.deepEqual(sizeOf(20, 40, { mode: 'stretch', height: 9, width: 13 }), [8, 13]);
  t.deepEqual(sizeOf(30, 40, { mode: 'stretch' }), [8, 10], 'stretch would leave nothing beside a crop');
  t.deepEqual(sizeOf(20, 20, { mode: 'stretch' }, { height: 8, width: 12 }), [12, 12]);
  t.throws(() => sizeOf(20, 40, { mode: 'short-side', size: 7 }), { code: 'FEP_SHAPE' });
});

test.serial('a clip says where its views are', async (t) => {
  const { clip, averaged } = await setUp(t);
  t.like(clip, UNION);
  t.deepEqual(
    clip.indices,
    Array.from({ length: 30 }, (_, i) => 2 * i),
  );
  t.like(clip.views, { clips: 3, crops: 3, height: 64, width: 64 });
  t.deepEqual(
    clip.views.windows.map(({ frames, top, left }) => [frames[0], frames.at(-1), top, left]),
    [0, 7, 14].flatMap((first) => [0, 16, 32].map((left) => [first, first + 15, 0, left])),
  );
  t.like(averaged.manifest.input, UNION);
  t.like(await readClip(video, INPUT, { views: '1x3' }), { frames: 16, height: 64, width: 96 });
  t.like(await readClip(video, INPUT, { views: 3 }), { frames: 30, height: 64, width: 64 });
});

for (const average of ['prob', 'logits']) {
  test.serial(`${average}: prediction, gradient and Grad-CAM are those of plain PyTorch`, async (t) => {
    const { clip, averaged, expected } = await setUpSmooth(t, average);
    const off = relative(await averaged.predict(clip), await expected('probabilities'));
    const gradient = await expected('gradient');
    const voxels = gradient.length / 3;
    const magnitude = Float32Array.from({ length: voxels }, (_, i) =>
      [0, 1, 2].reduce((sum, c) => sum + Math.abs(gradient[c * voxels + i]) / 3, 0),
    );
    const map = async (options) =>
      (await explain(averaged, clip, { ...options, target: TARGET })).masks[0].attribution;
    const slope = departure(await map({ method: 'gradients' }), magnitude);
    const cam = departure(await map({ method: 'grad-cam', layer: 'features' }), await expected('cam'));
    t.log(`off by ${off}, ${slope}, ${cam}`);
    t.true(off < 1e-5 && slope < 1e-5 && cam < 1e-5, `${off}, ${slope}, ${cam}`);
  });

  test.serial(`${average}: F-EP's mask is that of a plain PyTorch loop`, async (t) => {
    const { model, clip, averaged, expected } = await setUpSmooth(t, average);
    const options = {
      ...SHORT,
      lowRatio: 0.5,
      highRatio: 0.2,
      domain: 'parameters',
      arithmetic: 'published',
    };
    const maskOf = async (of) => (await explain(of, clip, options)).masks[0].mask;
    const wanted = await expected('mask');
    const { maximum } = difference(await maskOf(averaged), wanted);
    const other = averageViews(model, clip, { average: average === 'prob' ? 'logits' : 'prob' });
    const another = difference(await maskOf(other), wanted).maximum;
    t.log(`largest difference ${maximum}, of the other average ${another}`);
    t.true(maximum < 3e-3 && another > 0.03, `${maximum}, ${another}`); // the loop amplifies rounding, as in 41
  });
}

test.serial('one view is the run that there was before, to the last bit', async (t) => {
  const { model } = await setUp(t);
  const plain = await readClip(video, model.manifest.input);
  const { mask } = (await explain(model, plain, SHORT)).masks[0];
  for (const views of [1, '1', '1x1']) {
    const clip = await readClip(video, model.manifest.input, { views });
    t.false('views' in clip);
    t.is(averageViews(model, clip), model);
    t.deepEqual((await explain(model, clip, SHORT)).masks[0].mask, mask);
  }
  // Nor does averaging over one view change anything.
  const window = { frames: Array.from({ length: 16 }, (_, i) => i), top: 0, left: 0 };
  const layout = { clips: 1, crops: 1, height: 64, width: 64, windows: [window] };
  const clip = { ...plain, views: layout };
  for (const average of ['prob', 'logits']) {
    const averaged = averageViews(model, clip, { average });
    t.not(averaged, model);
    t.deepEqual((await explain(averaged, clip, SHORT)).masks[0].mask, mask, average);
  }
});

test.serial('every method explains the average, but those that roll out attention', async (t) => {
  const { clip, averaged } = await setUp(t);
  const voxels = UNION.frames * HEIGHT * WIDTH;
  const few = { iterations: 2, samples: 2, integrationSteps: 2 };
  const optionsOf = {
    'integrated-gradients': ['integrationSteps'],
    rise: ['samples'],
    smoothgrad: ['samples'],
    'smoothgrad-squared': ['samples'],
    'smoothgrad-variance': ['samples'],
  };
  for (const method of METHODS) {
    const isMask = ['f-ep', 'ep', 'ep-2d', 'step', 'torchray'].includes(method);
    const names = isMask ? ['iterations'] : (optionsOf[method] ?? []);
    const options = { method, target: TARGET, ...Object.fromEntries(names.map((name) => [name, few[name]])) };
    if (/attention/.test(method)) {
      const error = await t.throwsAsync(explain(averaged, clip, options), { code: 'FEP_USAGE' });
      t.regex(`${error.message} ${error.hint}`, /views.*--method f-ep/, method);
      continue;
    }
    const { mask } = (await explain(averaged, clip, options)).masks[0];
    t.is(mask.length, voxels, method);
    t.true(mask.every(Number.isFinite) && mask.some((value) => value > 0), method);
  }
});

test.serial('masks are tried and metrics are measured on what the views show', async (t) => {
  const { clip, averaged } = await setUp(t);
  const whole = new Float32Array(UNION.frames * HEIGHT * WIDTH).fill(1);
  const kept = await averaged.predictPerturbed(clip, whole);
  t.true(relative(kept, await averaged.predict(clip)) < 1e-5);
  // More masks than one pass takes.
  const masks = new Float32Array(9 * whole.length);
  masks.set(whole, 8 * whole.length);
  const many = await averaged.predictPerturbed(clip, masks);
  t.true(relative(many.slice(-8), kept) < 1e-5, 'the last is the whole clip');
  t.true(difference(many.slice(0, 8), kept).maximum > 1e-3, 'the first shows nothing of it');
  const ramp = whole.map((_, i) => i / whole.length);
  const predict = async (tried, count) => {
    const found = await averaged.predictPerturbed(clip, tried);
    return Float32Array.from({ length: count }, (_, i) => found[i * 8 + TARGET]);
  };
  const { curve } = await deletionInsertion(ramp, predict, { mode: 'deletion', steps: 2 });
  const ends = [curve[0].probability, curve.at(-1).probability];
  t.true(relative(ends, [kept[TARGET], many[TARGET]]) < 1e-5, 'from the whole clip to nothing of it');
});

test.serial('a model of views ends with its own model, not the other way round', async (t) => {
  const { model, clip, averaged } = await setUp(t);
  averaged.dispose();
  await t.throwsAsync(averaged.predict(clip), { code: 'FEP_DISPOSED' });
  const again = averageViews(model, clip);
  t.is((await again.predict(clip)).length, 8);
  t.false(again.native.disposed);
  model.dispose();
  t.true(again.native.disposed);
  await t.throwsAsync(again.predict(clip), { code: 'FEP_DISPOSED' });
  t.throws(() => averageViews(model, clip), { code: 'FEP_DISPOSED' });
});

test.serial('clip and model go together', async (t) => {
  const { model, clip, averaged } = await setUp(t);
  const whole = await readClip(video, model.manifest.input);
  const hinted = { code: 'FEP_USAGE', message: /views/ };
  const error = await t.throwsAsync(explain(model, clip, SHORT), hinted);
  t.regex(error.hint, /averageViews\(model, clip\)/);
  await t.throwsAsync(explain(averaged, whole, SHORT), hinted);
  const others = { ...clip, views: { ...clip.views, windows: clip.views.windows.toReversed() } };
  await t.throwsAsync(explain(averaged, others, SHORT), hinted);
  t.throws(() => averageViews(averaged, clip), hinted);
  t.throws(() => averageViews(model, clip, { average: 'max' }), { code: 'FEP_USAGE', message: /prob/ });
  t.throws(() => averageViews(model, null), { code: 'FEP_USAGE' });
  t.throws(() => averageViews({}, clip), { code: 'FEP_USAGE' });
  const small = { ...clip, views: { ...clip.views, height: 32 } };
  t.throws(() => averageViews(model, small), { code: 'FEP_SHAPE', message: /32x64/ });
});

test.serial('the addon refuses views that are not in the clip', async (t) => {
  const { model, clip } = await setUp(t);
  const [window] = clip.views.windows;
  const good = { ...UNION, views: [window], average: 'prob' };
  t.notThrows(() => model.native.averageViews(good).dispose());
  const wrong = [
    { views: [] },
    { views: [{ ...window, left: 33 }] },
    { views: [{ ...window, top: 1 }] },
    { views: [{ ...window, left: -1 }] },
    { views: [{ ...window, frames: window.frames.slice(1) }] },
    { views: [{ ...window, frames: window.frames.with(3, 30) }] },
    { views: [{ ...window, frames: window.frames.with(3, 0.5) }] },
    { width: 63 },
    { frames: 0 },
    { average: 'max' },
    { views: undefined },
  ];
  for (const change of wrong) {
    const refused = () => model.native.averageViews({ ...good, ...change });
    t.throws(refused, { code: 'FEP_USAGE' }, JSON.stringify(change));
  }
});

test('views that cannot be are refused', async (t) => {
  t.deepEqual(parseViews('10x3'), { clips: 10, crops: 3 });
  t.deepEqual(parseViews(4), { clips: 4, crops: 1 });
  t.deepEqual(parseViews(undefined), { clips: 1, crops: 1 });
  const wrong = [0, -1, 1.5, 33, '0', '3x2', '3x0', '4x', 'x3', '4x3x2', 'many', '', NaN, null, [4, 3], true];
  for (const views of wrong) {
    const refused = readClip(video, INPUT, { views });
    const error = await t.throwsAsync(refused, { code: 'FEP_USAGE' }, String(views));
    t.regex(error.message, /^views is .*; expected 1 to 32 temporal clips/);
    t.regex(error.hint, /4x3/);
  }
});

test('an array that is normalised has one view', async (t) => {
  const clip = golden('clip.npy');
  const error = await t.throwsAsync(readClip(clip, INPUT, { views: 4 }), { code: 'FEP_USAGE' });
  t.regex(error.message, /one input of the model already/);
  t.is((await readClip(clip, INPUT, { views: 1 })).frames, 16);
});

test('a video without room for the views has as many as differ', async (t) => {
  const few = await readClip(video, INPUT, { views: '32x3' });
  t.is(few.views.clips, 29); // of 31 frames in 59
  t.regex(few.warnings.join(' '), /room for 29 of 32 different clips/);
  const none = await readClip(SAMPLE, { ...INPUT, resize: { mode: 'stretch' } }, { views: '4x3' });
  t.is(none.views, undefined);
  t.is(none.warnings.length, 3, 'of frames, clips and crops');
  t.deepEqual(none.data, (await readClip(SAMPLE, { ...INPUT, resize: { mode: 'stretch' } })).data);
});

test.serial('a saved result says its views, and is computed once more', async (t) => {
  const { clip, averaged } = await setUp(t, '2x3', { average: 'logits' });
  const explanation = await explain(averaged, clip, SHORT);
  const [{ result, report, mask }] = await saveExplanation(temporaryFolder(t), averaged, clip, explanation);
  const saved = JSON.parse(readFileSync(result, 'utf8'));
  t.deepEqual(saved.views, { clips: 2, crops: 3, average: 'logits' });
  t.like(saved.model.input, { frames: 16, height: 64, width: 64 });
  t.deepEqual((await readNpy(mask)).shape, [clip.frames, clip.height, clip.width]);
  t.regex(readFileSync(report, 'utf8'), /average of 2 × 3 views/);
  const again = await reproduce(result);
  t.true(again.identical);
  t.is(again.explained.now, again.explained.before);
});

test.serial('the command line explains the views of the bundled clip', (t) => {
  const out = temporaryFolder(t);
  const model = ['--model', golden('tiny.pt'), '--layout', 'NCTHW', '--activation', 'logits'];
  const small = ['--frames', '8', '--size', '64x48'];
  const args = ['explain', SAMPLE, ...model, ...small, '--views', '2x3', '--out', out];
  const options = ['--method', 'grad-cam', '--json', '--quiet', '--views-average', 'logits'];
  const { status, stdout, stderr } = cli([...args, ...options]);
  t.is(status, 0, stderr);
  t.deepEqual(JSON.parse(stdout).views, { clips: 2, crops: 3, average: 'logits' });
  const { views, clip, model: saved } = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'));
  t.deepEqual(views, { clips: 2, crops: 3, average: 'logits' });
  t.is(clip.frames.length, 16);
  t.like(saved.input, { frames: 8, height: 64, width: 48 });
  const text = cli([...args, '--method', 'gradients', '--quiet']);
  t.regex(text.stdout, /The probabilities are the average of 2 × 3 views/);
});

test.serial('methods are compared on the views', (t) => {
  const out = temporaryFolder(t);
  const model = ['--model', golden('tiny.pt'), '--layout', 'NCTHW', '--activation', 'logits'];
  const args = ['compare', video, ...model, '--frames', '16', '--size', '64', '--views', '2x3', '--out', out];
  const { status, stdout, stderr } = cli([...args, '--method', 'gradients,grad-cam', '--curve-steps', '2']);
  t.is(status, 0, stderr);
  t.regex(stdout, /on the clip \(average of 2 × 3 views\)/);
  const { views, clip } = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'));
  t.deepEqual(views, { clips: 2, crops: 3, average: 'prob' });
  t.is(clip.frames.length, 32);
  t.regex(readFileSync(join(out, 'compare.html'), 'utf8'), /average of 2 × 3 views/);
});

test.serial('the command line refuses what cannot be', async (t) => {
  const refused = async (args, message) => {
    const { status, stderr } = await cliHere(['explain', ...args]);
    t.is(status, 2, stderr);
    t.regex(stderr, message);
  };
  for (const views of ['0', '-2', '1.5', '3x2', '99']) await refused([SAMPLE, '--views', views], /views is/);
  await refused([SAMPLE, '--views', '2', '--views-average', 'max'], /prob, logits/);
  await refused([SAMPLE, '--views-average', 'logits'], /Add --views/);
  await refused(['--data', 'synthetic', '--views', '4'], /--views is for a clip/);
  const step = ['--sampling', 'uniform:step'];
  await refused([SAMPLE, '--views', '4', ...step], /uniform:step/);
  const { status, stderr } = await cliHere(['bench', '--views', '4']);
  t.is(status, 2);
  t.regex(stderr, /unknown option '--views'/);
});

const KINDS = { one_for_all: 'logits', softmax: 'softmax', sigmoid: 'sigmoid' };

for (const [name, activation] of Object.entries(KINDS)) {
  test.serial(`${name}: its views are averaged as each is answered alone`, async (t) => {
    const model = await models.load(t, name, { activation });
    t.is(model.check.batch, name === 'one_for_all' ? 'different' : 'alike');
    const read = await readClip(video, model.manifest.input, { views: 3 });
    // Each view has every third frame; they are to be answered differently.
    const frame = read.height * read.width;
    const data = read.data.map((x, i) => x * [-20, 1, 20][(Math.floor(i / frame) % read.frames) % 3]);
    const clip = { ...read, data };
    const views = clip.views.windows.map(({ frames }) => part(clip, frames));
    const each = await Promise.all(views.map((data) => model.predict({ ...clip, data })));
    const mean = (of) => each[0].map((_, k) => each.reduce((sum, one) => sum + of(one[k]) / each.length, 0));
    const answer = (average) => averageViews(model, clip, { average }).predict(clip);
    t.true(relative(await answer('prob'), mean(Number)) < 1e-5, 'probabilities');
    const scores = mean((p) => (name === 'sigmoid' ? Math.log(p / (1 - p)) : Math.log(p)));
    const expected = name === 'sigmoid' ? scores.map((x) => 1 / (1 + Math.exp(-x))) : softmax(scores);
    t.true(relative(await answer('logits'), expected) < 1e-4, 'logits');
    t.true(relative(expected, mean(Number)) > 1e-3, 'which is something else');
  });
}

/** Some frames of a clip C×T×H×W. */
function part({ data, frames: total, height, width }, frames) {
  const size = height * width;
  return Float32Array.from({ length: 3 * frames.length * size }, (_, i) => {
    const [c, t] = [Math.floor(i / (size * frames.length)), Math.floor(i / size) % frames.length];
    return data[(c * total + frames[t]) * size + (i % size)];
  });
}
