// The search for the smallest area: which areas it tries, and what it finds.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { explain, explainAll, resolveConfig, saveExplanation } from 'fep-native';
import { nextArea } from '../dist/explain/areaSearch.js';
import methodConfig from '../dist/methods/config.js';
import { toMaskOptions } from '../dist/methods/native.js';
import { golden, goldenClip, TINY, tiny } from './helpers/golden.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';
import { cli } from './helpers/program.mjs';

const { iterationsOf } = methodConfig;

/** The areas that are tried where a mask keeps the class from `least` on, and is as large as `sizeOf` says. */
function areasTried(least, sizeOf = (area) => area) {
  const tries = [];
  const attempt = (area) => tries.push({ area, size: sizeOf(area), keeps: area >= least });
  attempt(0.1);
  for (let next = nextArea(tries); next; next = nextArea(tries)) {
    requireEarlier(next, tries);
    attempt(next.area);
  }
  return tries;
}

function requireEarlier({ from }, tries) {
  if (!tries.includes(from)) throw new Error('a try starts from one before it');
}

test('the search halves, doubles and bisects, until two areas are close', (t) => {
  for (const least of [0.004, 0.013, 0.05, 0.09, 0.1, 0.11, 0.3, 0.79, 0.93]) {
    const tries = areasTried(least);
    const kept = tries.filter(({ keeps }) => keeps).map(({ area }) => area);
    const found = Math.min(...kept);
    t.true(found >= least && found <= 1.16 * least, `${least}: ${found}`);
    t.true(tries.length <= 11, `${least}: ${tries.length} tries`);
    t.is(new Set(tries.map(({ area }) => area)).size, tries.length, 'none twice');
  }
});

test('the search ends where a smaller budget makes no smaller mask, and at the whole clip', (t) => {
  // Masks that never get smaller than 4 %.
  const tries = areasTried(0, (area) => Math.max(area, 0.04));
  t.deepEqual(
    tries.map(({ area }) => area),
    [0.1, 0.05, 0.025, 0.0125],
  );
  const never = areasTried(2);
  t.deepEqual(
    never.map(({ area }) => area),
    [0.1, 0.2, 0.4, 0.8, 1],
  );
});

const QUICK = {
  area: 'smallest',
  step: 7,
  sigma: 11,
  arithmetic: 'fused',
  areaOver: 'frame',
  schedule: 'fast',
  course: 'coarse-to-fine',
  iterations: 40,
};

test.serial('the smallest mask keeps the class; every smaller one that was tried does not', async (t) => {
  const model = await tiny(t);
  const clip = await goldenClip(model);
  const seen = [];
  const explanation = await explain(model, clip, { ...QUICK, keep: 0.8, onProgress: (p) => seen.push(p) });
  const { masks, search, config, timing, target } = explanation;
  t.is(masks.length, 1);
  const [mask] = masks;
  const least = 0.8 * mask.probability.original;
  t.true(search.found);
  t.is(search.keep, 0.8);
  t.true(mask.probability.explained >= least);
  t.true(search.tried.length >= 3 && search.tried.length <= 9, `${search.tried.length}`);
  const place = search.chosen;
  t.is(search.tried[place].mask, mask.mask);
  for (const [i, { probability, realisedAreaAtHalf }] of search.tried.entries()) {
    if (i < place) t.true(probability < least, 'smaller ones lose it');
    if (i > 0) t.true(realisedAreaAtHalf >= search.tried[i - 1].realisedAreaAtHalf, 'sorted');
  }
  // What is told of a mask is what the model says of it.
  const again = await model.predictPerturbed(clip, mask.mask);
  t.true(Math.abs(again[target.index] - mask.probability.explained) < 1e-5);
  // Never more than three times the updates of one area, and the last progress is within them.
  t.is(iterationsOf(config), 3 * 40);
  const updates = Math.round(timing.seconds / timing.secondsPerIteration);
  t.is(updates, 40 + 10 * (search.tried.length - 1));
  for (const { area, updates: own } of search.tried) t.is(own, area === 0.1 ? 40 : 10);
  t.true(seen.slice(0, -1).every(({ iteration, iterations }) => iterations === 120 && iteration < 120));
  t.like(
    seen.at(-1),
    { iteration: updates - 1, iterations: updates },
    'and the last one says that it is the last',
  );
  t.is(mask.energy.length, mask.area === 0.1 ? 40 : 10);

  const folder = temporaryFolder(t);
  await saveExplanation(folder, model, clip, explanation);
  const result = JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8'));
  t.deepEqual(result.config.search, { keep: 0.8 });
  t.is(result.area, mask.area);
  t.is(result.search.tried.length, search.tried.length);
  t.deepEqual(Object.keys(result.search.tried[0]).sort(), [
    'area',
    'probability',
    'realisedArea',
    'realisedAreaAtHalf',
    'updates',
  ]);
});

test.serial('where no mask keeps enough, the one that keeps most', async (t) => {
  const model = await tiny(t);
  const clip = await goldenClip(model);
  const options = { ...QUICK, iterations: 4, keep: 1, perturbation: 'fade-mean', target: 2 };
  const { masks, search } = await explain(model, clip, options);
  const kept = search.tried.filter(({ probability }) => probability >= masks[0].probability.original);
  t.is(search.found, kept.length > 0);
  const [best] = kept.length > 0 ? kept : search.tried.toSorted((a, b) => b.probability - a.probability);
  t.is(masks[0].mask, best.mask);
});

test.serial('explainAll searches too', async (t) => {
  const model = await tiny(t);
  const clip = await goldenClip(model);
  const options = { ...QUICK, iterations: 8 };
  const [one, [again]] = [await explain(model, clip, options), await explainAll(model, [clip], options)];
  t.deepEqual(again.masks[0].mask, one.masks[0].mask);
  t.deepEqual(again.search, one.search);
});

test.serial('a search stops when it is told to, between tries too', async (t) => {
  const model = await tiny(t);
  const clip = await goldenClip(model);
  const stop = new AbortController();
  const onProgress = ({ iteration }) => iteration >= 40 && stop.abort();
  const run = explain(model, clip, { ...QUICK, keep: 1e-6, onProgress, signal: stop.signal });
  await t.throwsAsync(run, { code: 'FEP_ABORTED' });
});

test.serial('a run starts from the parameters that it is told to', async (t) => {
  const model = await tiny(t);
  const clip = await goldenClip(model);
  const run = (iterations, more) => {
    const options = { method: 'ep', area: 0.1, step: 7, sigma: 11, arithmetic: 'fused', iterations };
    const native = { ...toMaskOptions([resolveConfig(options, model.manifest)], model.manifest), ...more };
    return model.native.extremalPerturbation(clip.data, [6], native, undefined).promise;
  };
  const [five, six] = [await run(5), await run(6)];
  const initial = five.parameters;
  t.deepEqual((await run(1, { initial })).masks, six.masks);
  t.notDeepEqual(five.masks, six.masks);
  for (const wrong of [initial.slice(1), new Float32Array(0), initial.map(() => 2), [...initial]]) {
    await t.throwsAsync(async () => run(1, { initial: wrong }), { code: 'FEP_USAGE' });
  }
});

test.serial('the first area is tried by a run as any other', async (t) => {
  const model = await tiny(t);
  const clip = await goldenClip(model);
  const whole = { ...QUICK, area: 0.1 };
  const { masks } = await explain(model, clip, whole);
  const found = await explain(model, clip, { ...QUICK, keep: 1e-6 });
  const first = found.search.tried.find(({ area }) => area === 0.1);
  t.deepEqual(first.mask, masks[0].mask, 'the first area is an ordinary run');
});

test('keep and smallest belong together, to methods that optimise masks', async (t) => {
  const model = await tiny(t);
  const resolve = (options) => resolveConfig(options, model.manifest);
  t.like(resolve({ area: 'smallest' }), { areas: [0.1], search: { keep: 0.9 } });
  t.false('search' in resolve({ preset: 'paper' }));
  const refused = (options, message) => t.throws(() => resolve(options), { code: 'FEP_USAGE', message });
  t.deepEqual(resolve({ keep: 0.5 }).search, { keep: 0.5 }, 'it is the default');
  refused({ preset: 'paper', keep: 0.9 }, /keep belongs to the search/);
  refused({ area: 0.1, keep: 0.9 }, /keep belongs to the search/);
  refused({ area: 'smallest', keep: 0 }, /keep/);
  refused({ area: 'tiny' }, /area/);
  refused({ method: 'grad-cam', area: 'smallest' }, /area belongs to/);
  for (const method of ['step', 'torchray'])
    refused({ method, area: 'smallest' }, /cannot search the smallest area/);
});

test('the command line says how much is enough', (t) => {
  const out = temporaryFolder(t);
  const { stdout, status } = cli([
    ...['explain', golden('clip.npy'), '--model', golden('tiny.pt'), '--layout', TINY.input.layout],
    ...['--frames', '16', '--size', '64', '--activation', 'logits', '--area', 'smallest', '--keep', '0.7'],
    ...['--schedule', 'fast', '--iterations', '12', '--step', '7', '--sigma', '11', '--out', out],
  ]);
  t.is(status, 0);
  t.regex(stdout, /% of the clip is enough for .* of the certainty \(70\.0 % were asked for\)/);
});
