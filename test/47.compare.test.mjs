// Methods side by side on one clip: each is what `explain` makes, scored as `scoreMask` scores, and saved whole.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { compare, comparisonDocument, explain, readNpy, saveComparison } from 'fep-native';
import { oracleMask, scoreMask } from 'fep-native/metrics';
import sharp from 'sharp';
import { difference, goldenClip, tiny } from './helpers/golden.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';

const METHODS = [
  'gradients',
  'ep@step=16:sigma=23',
  { method: 'ep', label: 'slow', options: { learningRate: 0.01 } },
  'oracle',
];

/** Boxes over the left half; the first frame has none. */
function boxesOf({ frames, height, width }) {
  const inside = new Uint8Array(frames * height * width).map((_, i) => (i % width < width / 2 ? 1 : 0));
  inside.fill(0, 0, height * width);
  return { inside, annotated: Array.from({ length: frames }, (_, t) => t > 0) };
}

test('every method is what explain makes of the same class', async (t) => {
  const model = await tiny(t);
  const clip = await goldenClip(model);
  const boxes = boxesOf(clip);
  const seen = [];
  const { methods, target, predicted } = await compare(
    model,
    { clip, boxes },
    { methods: METHODS, target: 3, iterations: 3, curveSteps: 4, onProgress: (p) => seen.push(p) },
  );
  t.deepEqual(
    methods.map(({ label, control }) => [label, control]),
    [
      ['Gradients', false],
      ['3D-EP (16/23)', false],
      ['slow', false],
      ['Oracle', true],
    ],
  );
  t.is(target.index, 3);
  t.not(predicted.index, 3);
  const direct = await explain(model, clip, { method: 'ep', step: 16, sigma: 23, iterations: 3, target: 3 });
  t.is(difference(methods[1].explanation.mask, direct.masks[0].mask).maximum, 0);
  t.is(methods[1].explanation.probability.explained, direct.masks[0].probability.explained);
  t.deepEqual(methods[3].explanation.mask, oracleMask(boxes));
  t.is(methods[3].scores.stcRecall, 1);

  const { mask, probability, predicted: after } = methods[0].explanation;
  const scores = await scoreMask({
    mask,
    boxes,
    probability,
    predictedExplained: after.index,
    labelIndex: null,
    steps: 4,
    predict: async (masks, count) => {
      const all = await model.predictPerturbed(clip, masks);
      return Float32Array.from({ length: count }, (_, i) => all[i * model.classes + 3]);
    },
  });
  t.deepEqual(methods[0].scores, scores);

  const shares = seen.map(({ done, total, fraction }) => (done + fraction) / total);
  t.deepEqual(
    shares,
    shares.toSorted((a, b) => a - b),
  );
  t.is(shares.at(-1), 1);
});

test('a comparison is saved whole: page, sheet, masks, numbers', async (t) => {
  const model = await tiny(t);
  const clip = await goldenClip(model);
  const out = join(temporaryFolder(t), 'out');
  const options = { methods: ['grad-cam-plus-plus', 'ep', 'center'], iterations: 2, curveSteps: 0 };
  const comparison = await compare(model, { clip }, options);
  const saved = await saveComparison(out, model, { clip }, comparison);
  t.deepEqual(readdirSync(out).sort(), ['compare.html', 'masks', 'result.json', 'sheet.png']);
  t.deepEqual(readdirSync(join(out, 'masks')).sort(), ['3d-ep.npy', 'center.npy', 'grad-campp.npy']);
  const { data, shape } = await readNpy(saved.masks[1]);
  t.deepEqual(shape, [16, 64, 64]);
  t.deepEqual(data, comparison.methods[1].explanation.mask);
  const result = JSON.parse(readFileSync(saved.result, 'utf8'));
  t.like(result, { schemaVersion: 1, label: null, options: { area: 0.1, curveSteps: 0 } });
  t.deepEqual(
    result.methods.map(({ label, mask }) => [label, existsSync(join(out, mask))]),
    [
      ['Grad-CAM++', true],
      ['3D-EP', true],
      ['Center', true],
    ],
  );
  t.is(result.methods[1].scores.deletion, null, 'not measured, and so not 0');
  const { format, width, height } = await sharp(saved.sheet).metadata();
  t.is(format, 'png');
  t.true(width > 1000 && height > 4 * 128, `${width}×${height}`);
  const document = await comparisonDocument(model, { clip }, comparison);
  t.deepEqual(
    document.metrics.map(({ name }) => name),
    ['dc', 'dcRelative', 'realisedArea', 'realisedAreaAtHalf'],
    'columns of what is known',
  );
});

test('what is wrong is refused before anything is computed', async (t) => {
  const model = await tiny(t);
  const clip = await goldenClip(model);
  const refused = async (options, pattern) => {
    const error = await t.throwsAsync(compare(model, { clip }, options));
    t.is(error.code, 'FEP_USAGE');
    t.regex(`${error.message} ${error.hint}`, pattern);
  };
  await refused({ methods: ['ep', 'ep'] }, /two rows for the method 3D-EP/);
  await refused({ methods: ['epp'] }, /Did you mean ep\?/);
  await refused({ methods: ['gradients@step=7'] }, /step belongs to/);
  await refused({ area: 2 }, /area/);
  await refused({ target: 99 }, /no class 99/);
  const short = { ...clip, frames: 8 };
  t.is((await t.throwsAsync(compare(model, { clip: short }))).code, 'FEP_SHAPE');
});

test('it stops within an iteration', async (t) => {
  const model = await tiny(t);
  const clip = await goldenClip(model);
  const stop = new AbortController();
  const onProgress = ({ fraction }) => fraction > 0 && stop.abort();
  const options = { methods: ['ep', 'step'], iterations: 5000, signal: stop.signal, onProgress };
  t.is((await t.throwsAsync(compare(model, { clip }, options))).code, 'FEP_ABORTED');
});
