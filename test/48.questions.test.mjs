// What a mask is asked: what is enough, what is needed, or both, and in how many of the frames.
import test from 'ava';
import { explain } from 'fep-native';
import { pictureOptions } from '../dist/clip/normalize.js';
import { nativePerturbation } from '../dist/methods/perturbation.js';
import { difference, goldenClip, tiny } from './helpers/golden.mjs';
import { askedEagerMask } from './helpers/python.mjs';

const SHORT = { iterations: 20, step: 7, sigma: 11, target: 6 };
const [FRAMES, VOXELS] = [16, 64 * 64];

async function setUp(t) {
  const model = await tiny(t);
  const clip = await goldenClip(model);
  const run = async (options) =>
    (await explain(model, clip, { method: 'ep', ...SHORT, ...options })).masks[0];
  return { model, clip, run };
}

for (const variant of ['delete', 'dual']) {
  test.serial(`${variant}: the mask of a plain PyTorch loop`, async (t) => {
    const { run } = await setUp(t);
    const mask = await askedEagerMask({ ...SHORT, method: 'ep', variant, frames: 1 });
    const { maximum } = difference((await run({ variant, arithmetic: 'published' })).mask, mask);
    t.log(`largest difference ${maximum}`);
    t.true(maximum <= 3e-3, `${maximum}`); // the loop amplifies rounding, as in 41
    const preserving = difference((await run({ arithmetic: 'published' })).mask, mask);
    t.true(preserving.maximum > 10 * maximum, `another question has another answer: ${preserving.maximum}`);
  });
}

test.serial('a budget of frames: the mask of a plain PyTorch loop', async (t) => {
  const { run } = await setUp(t);
  const mask = await askedEagerMask({ ...SHORT, method: 'ep', variant: 'preserve', frames: 0.3 });
  const { maximum } = difference((await run({ framesBudget: 0.3, arithmetic: 'published' })).mask, mask);
  t.log(`largest difference ${maximum}`);
  t.true(maximum <= 3e-3, `${maximum}`);
  const all = await run({ arithmetic: 'published' });
  t.true(difference(all.mask, mask).maximum > 0.02, 'frames are left out');
});

test.serial('what is told of a mask that deletes', async (t) => {
  const { model, clip, run } = await setUp(t);
  const pictures = pictureOptions(model.manifest.input);
  const blur = nativePerturbation('blur', model.manifest);
  const under = (mask) => model.native.predictPerturbed(clip.data, mask, 1, blur, pictures).promise;
  for (const variant of ['preserve', 'delete', 'dual']) {
    const { mask, perturbed, probability } = await run({ variant });
    const [kept, left] = [await under(mask), await under(mask.map((value) => 1 - value))];
    const near = (value, expected) => t.true(Math.abs(value - expected) < 1e-5, `${variant}: ${value}`);
    near(probability.explained, kept.probabilities[SHORT.target]);
    t.deepEqual(perturbed, (variant === 'delete' ? left : kept).pictures, variant);
    if (variant === 'preserve') t.false('deleted' in probability);
    else near(probability.deleted, left.probabilities[SHORT.target]);
  }
});

test.serial('a raw output is lost by its own energy', async (t) => {
  const { model, clip, run } = await setUp(t);
  // The first mask is 1 on the frame: all of the clip is kept, or nothing but its strongest blur is left.
  const rewards = async (variant) =>
    (await run({ method: 'torchray', variant, iterations: 1 })).energy[0].reward;
  const [kept, lost, both] = [await rewards('preserve'), await rewards('delete'), await rewards('dual')];
  t.true(Math.abs(both - kept - lost) < 1e-4 * Math.abs(both), `${kept} + ${lost} = ${both}`);
  const blurred = await model.predictPerturbed(clip, new Float32Array(FRAMES * VOXELS));
  const whole = await model.predict(clip);
  // Of a tiny model's outputs only differences are known from its probabilities; the class it sees has the larger one.
  t.true(kept < 0 && whole[SHORT.target] > blurred[SHORT.target]);
  t.true(lost > kept && lost < -kept, `${lost} of a clip without the class, ${kept} of one with it`);
});

test.serial('a mask that deletes takes the class away with a small part of the clip', async (t) => {
  const { run } = await setUp(t);
  const options = { method: 'f-ep', preset: 'quick', iterations: 60, step: undefined, sigma: undefined };
  const { probability, realisedAreaAtHalf } = await run({ ...options, area: 0.3, variant: 'delete' });
  t.true(probability.deleted < 0.2 * probability.original, `${probability.deleted}`);
  t.true(realisedAreaAtHalf < 0.5);
});

test.serial('the smallest part without which the class is lost', async (t) => {
  const model = await tiny(t);
  const clip = await goldenClip(model);
  const options = {
    preset: 'quick',
    area: 'smallest',
    keep: 0.8,
    iterations: 60,
    target: 6,
    variant: 'delete',
  };
  const { masks, search } = await explain(model, clip, options);
  const { original, deleted } = masks[0].probability;
  t.true(search.found);
  t.true(deleted <= 0.2 * original + 1e-6, `${deleted} of ${original}`);
  t.is(search.tried[search.chosen].deleted, deleted);
  const enough = search.tried.filter((tried) => tried.deleted <= 0.2 * original);
  const size = ({ realisedArea, realisedAreaAtHalf }) => Math.max(realisedArea, realisedAreaAtHalf);
  t.is(Math.min(...enough.map(size)), size(masks[0]));
});

test.serial('the smallest mask that does both does both', async (t) => {
  const model = await tiny(t);
  const clip = await goldenClip(model);
  const options = {
    preset: 'quick',
    area: 'smallest',
    keep: 0.8,
    iterations: 40,
    target: 6,
    variant: 'dual',
  };
  const { masks, search } = await explain(model, clip, options);
  const { original, explained, deleted } = masks[0].probability;
  t.true(search.found);
  t.true(explained >= 0.8 * original && deleted <= 0.2 * original, `${original}, ${explained}, ${deleted}`);
});

/** Frames with a voxel that the mask keeps. */
const framesKept = (mask) =>
  Array.from({ length: FRAMES }, (_, t) => mask.subarray(t * VOXELS, (t + 1) * VOXELS)).filter((frame) =>
    frame.some((value) => value >= 0.5),
  ).length;

test.serial('the smallest mask keeps to its budget of frames, and so do all on the way to it', async (t) => {
  const model = await tiny(t);
  const clip = await goldenClip(model);
  const options = { preset: 'quick', area: 'smallest', iterations: 40, target: 6, framesBudget: 0.25 };
  const { search } = await explain(model, clip, options);
  t.true(search.tried.length >= 2);
  for (const { mask, updates } of search.tried) {
    t.true(framesKept(mask) <= 0.25 * FRAMES, `after ${updates} updates: ${framesKept(mask)}`);
  }
});

test.serial('a budget of frames is kept', async (t) => {
  const { run } = await setUp(t);
  const options = { method: 'f-ep', preset: 'quick', area: 0.1, iterations: 40 };
  const all = await run(options);
  t.is(framesKept(all.mask), FRAMES);
  for (const framesBudget of [0.25, 0.5]) {
    const { mask } = await run({ ...options, framesBudget });
    t.true(framesKept(mask) <= framesBudget * FRAMES, `${framesKept(mask)} of ${FRAMES}`);
    t.true(framesKept(mask) > 0);
  }
  t.deepEqual((await run({ ...options, framesBudget: 1 })).mask, all.mask, 'all frames: no budget');
});

test.serial('budgets of frames that cannot be', async (t) => {
  const { run } = await setUp(t);
  const refused = (options, message) => t.throwsAsync(run(options), { code: 'FEP_USAGE', message });
  await refused({ framesBudget: 0 }, /framesBudget/);
  await refused({ framesBudget: 1.1 }, /framesBudget/);
  await refused({ method: 'ep-2d', framesBudget: 0.5 }, /each frame/);
  await refused({ framesBudget: 0.1, area: [0.05, 0.2] }, /does not fit/);
  await refused(
    { method: 'grad-cam', step: undefined, sigma: undefined, iterations: undefined, framesBudget: 0.5 },
    /belongs to/,
  );
});
