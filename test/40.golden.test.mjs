// The loop against the published EP/STEP video implementation, on the same model and clip, in float32.
//
// The loop is chaotic: a copy of the published one whose gradients are perturbed by 1e-7 relative departs from
// itself by up to 0.03 (mean 0.0007) in the 60-iteration 3-D mask, 0.06 (0.0008) in the 2-D one, and completely in
// the 200-iteration one. So any change of a rounding moves these numbers: beside each bound is the range that was
// seen with two builds of the kernels, each on AVX-512, AVX2 and without vector instructions, and the bound is
// about twice its end. What cannot hide are the first iterations, where a wrong formula shows and rounding does
// not. The total energy is the well-conditioned quantity; a single row is not once it is small.
import test from 'ava';
import { explain, loadModel } from 'fep-native';
import { difference, GOLDEN, golden, goldenArray, goldenClip, relative, TINY } from './helpers/golden.mjs';

const METHODS = { '3d_ep': 'ep', '2d_ep': 'ep-2d', step: 'step' };

const ready = (async () => {
  const model = await loadModel(golden('tiny.pt'), TINY);
  return { model, clip: await goldenClip(model) };
})();

test.after.always(async () => (await ready).model.dispose());

/** Runs a golden case; energies and masks, found and expected. */
async function run(name) {
  const found = GOLDEN.cases.find(({ mask }) => mask.startsWith(`${name}-`));
  const { method, iterations, area, step, sigma, mask, energy } = found;
  const { model, clip } = await ready;
  const options = { method: METHODS[method], iterations, area, step, sigma, target: GOLDEN.target };
  const [explanation] = (await explain(model, clip, options)).masks;
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

test.serial('3D-EP, 60 iterations', async (t) => {
  const { mask, total, reward, area, iterations } = await run('3d_ep-60');
  t.is(total.found.length, iterations);
  agree(t, total, 8, 1e-5, 'total energy'); // seen: 1.6e-7 to 1.5e-6
  agree(t, total, 40, 1e-3, 'total energy'); // seen: 6e-5 to 2.8e-4
  agree(t, total, 50, 2e-3, 'total energy'); // seen: 2.0e-4 to 8.6e-4
  agree(t, reward, 8, 1e-3, 'reward'); // seen: 0 to 1.7e-4; 1e-2 after 40, 6e-2 after 50
  agree(t, area, 50, 1e-3, 'area energy'); // seen: 4e-5 to 3.6e-4
  const { maximum, mean } = difference(mask.found, mask.expected);
  within(t, maximum, 0.15, 'mask, maximum'); // seen: 0.018 to 0.074
  within(t, mean, 2e-3, 'mask, mean'); // seen: 5.7e-4 to 9.1e-4
});

test.serial('2D-EP, 60 iterations', async (t) => {
  const { mask, total, reward, area, iterations } = await run('2d_ep-60');
  t.is(total.found.length, iterations);
  agree(t, total, 8, 1e-4, 'total energy'); // seen: 2.7e-7 to 1.4e-5
  agree(t, total, 40, 1e-3, 'total energy'); // seen: 1.1e-4 to 4.6e-4
  agree(t, total, 50, 4e-3, 'total energy'); // seen: 1.9e-4 to 1.6e-3
  agree(t, reward, 3, 1e-3, 'reward'); // seen: 5e-6 to 6e-5
  agree(t, reward, 8, 5e-3, 'reward'); // seen: 1e-5 to 3e-5, without vector instructions 2.3e-3
  agree(t, area, 40, 1e-3, 'area energy'); // seen: 1.6e-4 to 3.5e-4
  const { maximum, mean } = difference(mask.found, mask.expected);
  within(t, maximum, 0.4, 'mask, maximum'); // seen: 0.079 to 0.18
  within(t, mean, 6e-3, 'mask, mean'); // seen: 1.3e-3 to 2.8e-3
});

test.serial('STEP, 160 iterations: the core energy sets in after 100', async (t) => {
  const { mask, total, reward, area, iterations } = await run('step-160');
  t.is(total.found.length, iterations);
  agree(t, total, 8, 1e-5, 'total energy'); // seen: 1.8e-7 to 2.8e-7
  agree(t, total, 50, 5e-4, 'total energy'); // seen: 3e-6 to 1.4e-4
  agree(t, total, 100, 1e-3, 'total energy'); // seen: 2.4e-4 to 2.9e-4
  agree(t, total, 160, 1e-2, 'total energy'); // seen: 4.1e-4 to 4.8e-3
  agree(t, reward, 8, 1e-4, 'reward'); // seen: 4e-6 to 1.2e-5
  agree(t, reward, 40, 3e-3, 'reward'); // seen: 5.1e-4 to 1.1e-3
  agree(t, area, 100, 1e-3, 'area and core energy'); // seen: 2.4e-4 to 2.9e-4
  const { maximum, mean } = difference(mask.found, mask.expected);
  within(t, mean, 1e-3, 'mask, mean'); // seen: 7e-5 to 1.7e-4
  within(t, maximum, 0.1, 'mask, maximum'); // seen: 0.008, in two of six 0.059 …
  const beyond = mask.found.filter((m, i) => Math.abs(m - mask.expected[i]) > 1e-2).length;
  within(t, beyond / mask.found.length, 5e-3, 'share of the mask that is off by more than 1e-2'); // … in few voxels
});

test.serial('3D-EP at step 13, sigma 23: 200 iterations settle at the same budget', async (t) => {
  // The published loop does not reproduce its own mask here, so only the start and the end's size are compared.
  const { total, reward, area, iterations } = await run('3d_ep-200');
  t.is(total.found.length, iterations);
  agree(t, total, 5, 1e-4, 'total energy'); // seen: 6e-7
  agree(t, reward, 5, 1e-3, 'reward'); // seen: 1.9e-5
  agree(t, area, 5, 1e-4, 'area energy'); // seen: 7e-7
  const ratio = area.found.at(-1) / area.expected.at(-1); // seen: 1.06
  t.true(ratio > 0.5 && ratio < 2, `last area energy: ${ratio} of the published one`);
});
