// The search for the smallest area: how its budget follows the mask, and what it finds.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { explain, explainAll, resolveConfig, saveExplanation, writeNpy } from 'fep-native';
import methodConfig from '../dist/methods/config.js';
import { toMaskOptions } from '../dist/methods/native.js';
import { golden, goldenClip, mean, relative, TINY, tiny } from './helpers/golden.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';
import { cli } from './helpers/program.mjs';
import { reference } from './helpers/python.mjs';

const { iterationsOf } = methodConfig;

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

/** A run of 40 updates, and the options of one that goes on from it with a search of 12 updates or so many. */
async function setUpSearch(t, more = {}) {
  const model = await tiny(t);
  const clip = await goldenClip(model);
  const options = { method: 'ep', area: 0.1, step: 7, sigma: 11, schedule: 'fast', ...more };
  const native = (iterations) =>
    toMaskOptions([resolveConfig({ ...options, iterations }, model.manifest)], model.manifest);
  const run = (given) => model.native.extremalPerturbation(clip.data, [6], given, undefined).promise;
  const { parameters: initial } = await run(native(40));
  const search = (enough, updates = 12) => run({ ...native(updates), initial, enough });
  return { model, clip, initial, search, run, native };
}

const sizeOf = (mask) => Math.max(mask.filter((value) => value >= 0.5).length / mask.length, mean(mask));

/** The masks that a search found, with what is known of each. */
function foundBy({ masks, budgets, foundIn, explained, reward }) {
  const [voxels, classes] = [masks.length / budgets.length, explained.length / budgets.length];
  return foundIn.map((iteration, i) => ({
    iteration,
    size: sizeOf(masks.subarray(i * voxels, (i + 1) * voxels)),
    probability: explained[i * classes + 6],
    energy: reward[iteration],
  }));
}

for (const schedule of ['fast', 'quick']) {
  test.serial(`a search is a plain PyTorch loop whose budget follows the mask: ${schedule}`, async (t) => {
    const { initial, search } = await setUpSearch(t, { arithmetic: 'published', schedule });
    const file = join(temporaryFolder(t), 'initial.npy');
    await writeNpy(file, { data: initial, shape: [initial.length] });
    // Between the energies of the smallest and the largest masks, so that the budget turns.
    // Between two of them, so that rounding, which depends on the processor, does not decide which masks are enough.
    const energies = (await search(1e9)).reward.toSorted((one, other) => one - other);
    const enough = (energies[8] + energies[9]) / 2;
    const { reward, area } = await search(enough);
    const is = [...reward].map((energy) => energy <= enough);
    t.true(is.includes(true) && is.includes(false), 'some masks are enough and some are not');
    const flags = {
      model: golden('tiny.pt'),
      clip: golden('clip.npy'),
      layout: 'NCTHW',
      method: 'ep',
      area: 0.1,
      step: 7,
      sigma: 11,
      target: 6,
      iterations: 12,
      initial: file,
    };
    const asked = Object.entries({ ...flags, schedule, enough });
    const said = await reference('search.py', ...asked.map(([name, value]) => `--${name}=${value}`));
    const error = relative(
      JSON.parse(said).energies,
      reward.map((energy, i) => energy + area[i]),
    );
    t.log(error);
    // The loop amplifies rounding, by how much depends on the processor: 1e-7 to 3e-3 were seen. Another rule is off by 0.8.
    t.true(error <= 1e-2, `${error}`);
  });
}

test.serial(
  'the budget falls while masks are enough, and rises in steps that grow while they are not',
  async (t) => {
    const { search } = await setUpSearch(t, { schedule: 'quick' });
    const falls = foundBy(await search(1e9, 30));
    // One control point in every frame keeps 11 % of these small frames.
    t.true(falls[0].size < 0.16 && falls[0].iteration > 5, JSON.stringify(falls));
    const rises = foundBy(await search(-1, 30));
    t.true(rises.at(-1).size > 0.5 && rises.length >= 3, JSON.stringify(rises));
    for (const found of [falls, rises]) {
      for (const [i, { size, energy, probability }] of found.entries()) {
        if (i > 0) t.true(size > found[i - 1].size, 'from small to large');
        t.true(Math.abs(Math.exp(-energy / 100) / probability - 1) < 1e-3, 'the energy is that of this mask');
      }
    }
  },
);

test.serial('a search is of one mask', async (t) => {
  const { model, clip, initial, native } = await setUpSearch(t);
  const two = { ...native(3), areas: [0.1, 0.2], enough: 10 };
  const many = () => model.native.extremalPerturbation(clip.data, [6], two, undefined).promise;
  await t.throwsAsync(async () => many(), { message: /one clip, one area and one setting, got 2/ });
  for (const enough of [Number.NaN, '1', null]) {
    const wrong = { ...native(3), initial, enough };
    await t.throwsAsync(
      async () => model.native.extremalPerturbation(clip.data, [6], wrong, undefined).promise,
      { code: 'FEP_USAGE', message: /enough/ },
    );
  }
});

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
  const first = search.tried.find(({ updates }) => updates === 40);
  t.true(sizeOf(mask.mask) < sizeOf(first.mask), 'smaller than the mask that it begins with');
  const place = search.chosen;
  t.is(search.tried[place].mask, mask.mask);
  for (const [i, tried] of search.tried.entries()) {
    const { probability, updates } = tried;
    if (i < place) t.true(probability < least, 'smaller ones lose it');
    if (i > 0) t.true(sizeOf(tried.mask) >= sizeOf(search.tried[i - 1].mask), 'sorted');
    t.true(updates >= 40 && updates <= 60);
  }
  // What is told of a mask is what the model says of it.
  const again = await model.predictPerturbed(clip, mask.mask);
  t.true(Math.abs(again[target.index] - mask.probability.explained) < 1e-5);
  const nothing = await model.predictPerturbed(clip, new Float32Array(mask.mask.length));
  t.is(search.blank, nothing[target.index]);
  t.true(search.blank < least, 'so that the mask says something');
  // Half as many updates again as one area takes, and progress counts them all.
  t.is(iterationsOf(config), 60);
  t.is(Math.round(timing.seconds / timing.secondsPerIteration), 60);
  t.true(seen.every(({ iterations }) => iterations === 60));
  t.is(seen.at(-1).iteration, 59);
  const numbers = seen.map(({ iteration }) => iteration);
  t.deepEqual(
    numbers,
    numbers.toSorted((one, other) => one - other),
    'it never goes back',
  );
  const { updates } = search.tried[place];
  t.deepEqual(
    mask.energy.map(({ iteration }) => iteration),
    Array.from({ length: updates }, (_, i) => i),
    'the energies up to this mask',
  );

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

test.serial('a search stops when it is told to, in its second run too', async (t) => {
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
  const first = found.search.tried.find(({ updates }) => updates === 40);
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
