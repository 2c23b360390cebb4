// F-EP's bands that open during a run, from coarse to fine.
import test from 'ava';
import { explain, explainAll, resolveConfig } from 'fep-native';
import { findMasksSideBySide } from '../dist/explain/findMasks.js';
import { setUpSmall } from './helpers/bench.mjs';
import { difference, goldenClip, tiny } from './helpers/golden.mjs';
import { openingEagerMask } from './helpers/python.mjs';

const SHORT = { iterations: 10, step: 7, sigma: 11, target: 6, arithmetic: 'fused' };
const COARSE_TO_FINE = { method: 'f-ep', course: 'coarse-to-fine' };

async function setUp(t) {
  const model = await tiny(t);
  const clip = await goldenClip(model);
  const run = async (options) => (await explain(model, clip, { ...SHORT, ...options })).masks[0];
  return { model, clip, run };
}

/** Both domains, both parts of the gradient. */
const PLACES = ['parameters', 'mask'].flatMap((domain) =>
  ['energy', 'reward'].map((modulate) => ({ domain, modulate })),
);

test.serial('bands that are open throughout: EP, bit for bit', async (t) => {
  const { run } = await setUp(t);
  const ep = await run({ method: 'ep' });
  for (const place of PLACES) {
    const open = await run({ ...COARSE_TO_FINE, courseBegin: 0, courseEnd: 0, ...place });
    t.deepEqual(open.mask, ep.mask, JSON.stringify(place));
    t.deepEqual(open.energy, ep.energy, JSON.stringify(place));
  }
});

test.serial('bands that never open: constant ones, bit for bit', async (t) => {
  const { run } = await setUp(t);
  const ratios = { lowRatio: 0.4, highRatio: 0.2, temporalLowRatio: 0.6, temporalHighRatio: 0.1 };
  for (const place of PLACES) {
    const constant = await run({ method: 'f-ep', ...ratios, ...place });
    const closed = await run({ ...COARSE_TO_FINE, courseBegin: 1, courseEnd: 1, ...ratios, ...place });
    t.deepEqual(closed.mask, constant.mask, JSON.stringify(place));
    const open = await run({ ...COARSE_TO_FINE, ...ratios, ...place });
    t.true(difference(open.mask, constant.mask).maximum > 0.01, JSON.stringify(place));
  }
});

test.serial('bands that open are those of a plain PyTorch loop', async (t) => {
  const { run } = await setUp(t);
  const options = { method: 'f-ep', step: 7, sigma: 11, iterations: 10, target: 6 };
  const course = { courseBegin: 0.2, courseEnd: 0.7 };
  const mask = await openingEagerMask({
    ...options,
    low: 0.1,
    high: 0.3,
    'course-begin': course.courseBegin,
    'course-end': course.courseEnd,
  });
  const ours = await run({
    ...options,
    ...COARSE_TO_FINE,
    ...course,
    highRatio: 0.3,
    arithmetic: 'published',
  });
  const { maximum, mean } = difference(ours.mask, mask);
  t.log(`largest difference ${maximum}, mean ${mean}`);
  // As with constant bands (41): the transforms sum in another order, which the loop amplifies.
  t.true(maximum <= 3e-3, `${maximum}`);
  const constant = await run({ ...options, lowRatio: 0.1, highRatio: 0.3, arithmetic: 'published' });
  t.true(difference(constant.mask, mask).maximum > 0.02, 'not constant bands');
});

test.serial('settings with courses of their own side by side: each as by itself', async (t) => {
  const { model, clip, run } = await setUp(t);
  const settings = [
    { ...COARSE_TO_FINE },
    { ...COARSE_TO_FINE, courseBegin: 0, courseEnd: 0.4, lowRatio: 0.3 },
    { method: 'f-ep', lowRatio: 0.5, highRatio: 0.2 },
  ];
  const few = { iterations: 4 };
  const configs = settings.map((options) => resolveConfig({ ...SHORT, ...few, ...options }, model.manifest));
  const [found] = await findMasksSideBySide(model, [{ clip, target: 6 }], configs, {});
  for (const [i, { masks, config }] of found.entries()) {
    t.deepEqual(config, configs[i]);
    const alone = await run({ ...few, ...settings[i] });
    const { maximum } = difference(masks[0].mask, alone.mask);
    t.true(maximum <= 1e-3, `setting ${i}: ${maximum}`); // several at once round otherwise in the model
  }
  const [first, second] = found;
  t.true(difference(first.masks[0].mask, second.masks[0].mask).maximum > 0.01);
});

test.serial('clips side by side, the fast schedule, the whole frame: each goes with it', async (t) => {
  const { model, clip } = await setUp(t);
  const options = { ...SHORT, ...COARSE_TO_FINE, schedule: 'fast', areaOver: 'frame', iterations: 4 };
  const [first, second] = await explainAll(model, [clip, clip], options);
  t.deepEqual(first.masks[0].mask, second.masks[0].mask);
  t.like(first.config.modulation, { course: 'coarse-to-fine', courseBegin: 0.2, courseEnd: 0.7 });
});

test.serial('a run does not end early before its bands are open', async (t) => {
  const { model, clips } = await setUpSmall(t, 1);
  const run = async (options) => (await explain(model, clips[0], { ...SHORT, ...options })).masks[0];
  // So weak that the energy settles at once.
  const weak = {
    method: 'f-ep',
    until: 'converged',
    iterations: 200,
    learningRate: 1e-9,
    rewardWeight: 1e-3,
  };
  t.is((await run(weak)).energy.length, 61, 'two windows of 30 after the first update');
  t.is((await run({ ...weak, ...COARSE_TO_FINE })).energy.length, 140 + 60);
  t.is((await run({ ...weak, ...COARSE_TO_FINE, courseEnd: 0.3 })).energy.length, 60 + 60);
});

test('the course as resolved, and what is refused', async (t) => {
  const { model } = await setUp(t);
  const modulation = (options) => resolveConfig(options, model.manifest).modulation;
  t.like(modulation(COARSE_TO_FINE), {
    lowRatio: 0.1,
    highRatio: 0,
    temporalLowRatio: 0.1,
    temporalHighRatio: 0,
    course: 'coarse-to-fine',
    courseBegin: 0.2,
    courseEnd: 0.7,
  });
  t.deepEqual(Object.keys(modulation({ course: 'constant' })), Object.keys(modulation({ preset: 'paper' })));
  t.false(
    'course' in modulation({ preset: 'paper' }),
    'what was saved before there was another is still what it was',
  );
  t.like(modulation({ ...COARSE_TO_FINE, schedule: 'quick' }), { courseBegin: 0.1, courseEnd: 0.5 });
  const refused = (options, message) =>
    t.throws(() => modulation(options), { code: 'FEP_USAGE', message }, JSON.stringify(options));
  refused({ courseBegin: 0.1 }, /belong to the course coarse-to-fine/);
  refused({ course: 'constant', courseEnd: 0.5 }, /belong to the course coarse-to-fine/);
  refused({ ...COARSE_TO_FINE, courseBegin: 0.5, courseEnd: 0.4 }, /open at 0\.4.*begin.*0\.5/);
  refused({ ...COARSE_TO_FINE, courseEnd: 1.5 }, /courseEnd/);
  refused({ course: 'fine-to-coarse' }, /course/);
  refused({ method: 'ep', course: 'coarse-to-fine' }, /course belongs to/);
});
