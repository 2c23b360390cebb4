// The loop against the published EP/STEP video implementation, on the same model and clip, in float32.
//
// With the published order of operations, the default for clips as small as this one, the masks are bit for bit those of
// a plain PyTorch loop on the same machine, and those of the goldens where that loop's are. Elsewhere, which takes no
// more than another processor (seen with AVX2, and with AVX-512 and larger caches), libtorch itself rounds otherwise, and
// so do the fused operators everywhere. Then the masks' largest difference is not a quantity of the method: a copy of the
// published loop that is bit-identical in all but one rounding (the interpolation between blur levels) ends 0.037 away
// from itself, and with gradients perturbed by 1e-7 by 0.006 to 0.037. A threshold that falls between two nearly equal
// voxels, and a ReLU near 0, decide. So beside each such bound is the range seen on AVX-512, on AVX2, and with libtorch
// or our kernels without vector instructions; bounds are the agreement asked for, or about twice that.
import test from 'ava';
import { explain, loadModel } from 'fep-native';
import {
  difference,
  GOLDEN,
  golden,
  goldenArray,
  goldenClip,
  goldenOptions,
  relative,
  TINY,
} from './helpers/golden.mjs';
import { eagerMask } from './helpers/python.mjs';

/** Models that use one thread and two. */
const ready = (async () => {
  const load = (threads) => loadModel(golden('tiny.pt'), { ...TINY, threads });
  const models = { 1: await load(1), 2: await load(2) };
  return { models, clip: await goldenClip(models[1]) };
})();

test.after.always(async () => {
  for (const model of Object.values((await ready).models)) model.dispose();
});

/** The mask of a plain PyTorch loop on this machine: 3D-EP, 60 iterations, on so many threads. */
const eagerOn = (threads) => eagerMask({ method: 'ep', step: 7, sigma: 11, iterations: 60, threads });
const eager = { 1: eagerOn(1), 2: eagerOn(2) };

/** Whether PyTorch itself finds the golden mask on this machine. */
async function roundsAlike(threads) {
  const { mask } = GOLDEN.cases.find((one) => one.mask.startsWith('3d_ep-60-'));
  return difference(await eager[threads], await goldenArray(mask)).maximum <= 1e-6;
}

/**
 * Runs a golden case; energies and masks, found and expected. The operators of the fused arithmetic work in pieces on two
 * threads.
 */
async function run(name, arithmetic, threads = arithmetic === 'fused' ? 2 : 1) {
  const found = GOLDEN.cases.find(({ mask }) => mask.startsWith(`${name}-`));
  const { iterations, mask, energy } = found;
  const { models, clip } = await ready;
  const [explanation] = (await explain(models[threads], clip, { ...goldenOptions(found), arithmetic })).masks;
  const rows = await goldenArray(energy);
  const [reward, area_] = [rows.slice(0, iterations), rows.slice(iterations)];
  const points = explanation.energy;
  return {
    iterations,
    mask: { found: explanation.mask, expected: await goldenArray(mask) },
    total: {
      found: points.map((p) => p.reward + p.area + p.core),
      expected: [...reward].map((r, i) => r + area_[i]),
    },
    reward: { found: points.map((p) => p.reward), expected: reward },
    area: { found: points.map((p) => p.area + p.core), expected: area_ },
  };
}

/** Asserts that the first `count` numbers agree, relatively. */
function agree(t, { found, expected }, count, bound, what) {
  t.true(expected.length >= count);
  const worst = relative(found, expected, count);
  t.true(worst <= bound, `${what}, first ${count}: ${worst} > ${bound}`);
}

function within(t, value, bound, what) {
  t.true(value <= bound, `${what}: ${value} > ${bound}`);
}

for (const [name, threads] of [
  ['3d_ep-60', 1],
  ['3d_ep-60', 2],
  ['2d_ep-60', 1],
  ['3d_ep-200', 1],
  ['step-160', 1],
])
  test.serial(`published order of operations: ${name}, threads: ${threads}`, async (t) => {
    const { mask, total, reward, area } = await run(name, undefined, threads);
    // Seen: 0, but 1.5e-2 on one thread of an Intel with AMX, where PyTorch does not find the golden mask either.
    if (name === '3d_ep-60') {
      const { maximum } = difference(mask.found, await eager[threads]);
      within(t, maximum, (await roundsAlike(threads)) ? 0 : 0.05, 'plain PyTorch, this machine');
    }
    agree(t, total, 5, 5e-6, 'total energy'); // seen: 1.8e-7; without vector instructions 1.3e-5 after 8
    if (!(await roundsAlike(threads))) {
      t.log('PyTorch itself does not find the golden mask here: not compared bit for bit');
      // seen: 2.0e-4 to 8.3e-4; at step 13, sigma 23 every rounding leaves the published path
      if (name !== '3d_ep-200') agree(t, total, 50, 3e-3, 'total energy');
      return;
    }
    // STEP's core energy is summed in another order, and its reward is small beside it.
    const step = name.startsWith('step'); // seen: reward 4.5e-4, mask 0.0024 and 1.5e-5
    agree(t, total, 50, 2e-6, 'total energy'); // seen: 1.8e-7, STEP 5.3e-7
    agree(t, area, 50, 1e-5, 'area and core energy');
    agree(t, reward, 50, step ? 1e-3 : 1e-5, 'reward');
    const { maximum, mean } = difference(mask.found, mask.expected);
    within(t, maximum, step ? 1e-2 : 1e-6, 'mask, maximum'); // seen: 0
    within(t, mean, step ? 1e-3 : 1e-7, 'mask, mean'); // seen: 0
  });

test.serial('published order of operations is the default for a clip of this size', async (t) => {
  const { models, clip } = await ready;
  const model = models[1];
  const options = { method: 'ep', iterations: 3, step: 7, sigma: 11 };
  const one = await explain(model, clip, options);
  t.is(one.config.arithmetic, 'published');
  const same = await explain(model, clip, { ...options, arithmetic: 'published' });
  t.deepEqual(one.masks[0].mask, same.masks[0].mask);
});

test.serial('fused: 3D-EP, 60 iterations', async (t) => {
  const { mask, total, reward, area, iterations } = await run('3d_ep-60', 'fused');
  t.is(total.found.length, iterations);
  agree(t, total, 8, 5e-6, 'total energy'); // seen: 2.8e-7 to 1.5e-6
  agree(t, total, 50, 1.5e-3, 'total energy'); // seen: 3.3e-4 to 9.0e-4
  agree(t, reward, 8, 1e-3, 'reward'); // seen: 0 to 1.7e-4; 1e-2 after 40, 6e-2 after 50
  agree(t, area, 50, 1e-3, 'area energy'); // seen: 4e-5 to 3.6e-4
  const { maximum, mean } = difference(mask.found, mask.expected);
  within(t, maximum, 0.15, 'mask, maximum'); // seen: 0.016 to 0.073
  within(t, mean, 1.5e-3, 'mask, mean'); // seen: 6.4e-4 to 9.0e-4
});

test.serial('fused: 2D-EP, 60 iterations', async (t) => {
  const { mask, total, reward, area, iterations } = await run('2d_ep-60', 'fused');
  t.is(total.found.length, iterations);
  agree(t, total, 8, 5e-5, 'total energy'); // seen: 3.6e-7; with libtorch's vectors off 1.4e-5
  agree(t, total, 50, 3e-3, 'total energy'); // seen: 4.1e-4 to 1.5e-3
  agree(t, reward, 3, 1e-3, 'reward'); // seen: 5e-6 to 6e-5
  agree(t, reward, 8, 5e-3, 'reward'); // seen: 1e-5 to 3e-5, without vector instructions 2.3e-3
  agree(t, area, 40, 1e-3, 'area energy'); // seen: 1.6e-4 to 3.5e-4
  const { maximum, mean } = difference(mask.found, mask.expected);
  within(t, maximum, 0.25, 'mask, maximum'); // seen: 0.086 to 0.11
  within(t, mean, 5e-3, 'mask, mean'); // seen: 1.3e-3 to 3.1e-3
});

test.serial('fused: STEP, 160 iterations: the core energy sets in after 100', async (t) => {
  const { mask, total, reward, area, iterations } = await run('step-160', 'fused');
  t.is(total.found.length, iterations);
  agree(t, total, 50, 2e-5, 'total energy'); // seen: 1.6e-6 to 7.8e-6
  agree(t, total, 100, 1e-3, 'total energy'); // seen: 2.4e-4 to 2.9e-4
  agree(t, total, 160, 1e-2, 'total energy'); // seen: 4.1e-4 to 4.8e-3
  agree(t, reward, 8, 1e-4, 'reward'); // seen: 4e-6 to 1.2e-5
  agree(t, reward, 40, 3e-3, 'reward'); // seen: 5.1e-4 to 1.1e-3
  agree(t, area, 100, 1e-3, 'area and core energy'); // seen: 2.4e-4 to 2.9e-4
  const { maximum, mean } = difference(mask.found, mask.expected);
  within(t, mean, 4e-4, 'mask, mean'); // seen: 4.9e-5 to 1.05e-4
  within(t, maximum, 0.1, 'mask, maximum'); // seen: 0.005 to 0.039, by the order of the generator's sums
});

test.serial('fused: 3D-EP at step 13, sigma 23: 200 iterations settle at the same budget', async (t) => {
  // Whatever rounds otherwise leaves the published path here, so only the start and the end's size are compared.
  const { total, reward, area, iterations } = await run('3d_ep-200', 'fused');
  t.is(total.found.length, iterations);
  agree(t, total, 5, 1e-4, 'total energy'); // seen: 6e-7
  agree(t, reward, 5, 1e-3, 'reward'); // seen: 1.9e-5
  agree(t, area, 5, 1e-4, 'area energy'); // seen: 7e-7
  const ratio = area.found.at(-1) / area.expected.at(-1); // seen: 1.06
  t.true(ratio > 0.5 && ratio < 2, `last area energy: ${ratio} of the published one`);
});
