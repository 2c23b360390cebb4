// Deletion and insertion with made-up models whose curves are known in closed form.
import test from 'ava';
import { FepError } from 'fep-native';
import { deletionInsertion } from 'fep-native/metrics';
import { near, randomMask, sum } from './helpers/metrics.mjs';

const STEPS = 64;

/** Values 1/n … 1 of a mask without ties, in an order that looks random. */
const untied = (voxels) =>
  Float32Array.from({ length: voxels }, (_, i) => (((i * 37) % voxels) + 1) / voxels);

/** A model whose probability is Σ wᵢ·Mᵢ. */
const linear = (weights) => async (masks, count) =>
  Float32Array.from({ length: count }, (_, k) => {
    const mask = masks.subarray(k * weights.length, (k + 1) * weights.length);
    return mask.reduce((total, m, i) => total + m * weights[i], 0);
  });

/** Weights in proportion to some values, with sum 1. */
function inProportion(values) {
  const total = sum(values);
  return Float64Array.from(values, (value) => value / total);
}

const run = (mask, predict, mode, options = {}) =>
  deletionInsertion(mask, predict, { mode, steps: STEPS, ...options });

test('a curve by hand', async (t) => {
  const mask = Float32Array.of(0.2, 0.9, 0, 0.5);
  const predict = linear([0.1, 0.6, 0, 0.3]);
  const deletion = await run(mask, predict, 'deletion', { steps: 4 });
  const insertion = await run(mask, predict, 'insertion', { steps: 4 });
  const at = ({ curve }) => curve.map(({ share }) => share);
  t.deepEqual(at(deletion), [0, 0.25, 0.5, 0.75, 1]);
  t.deepEqual(at(insertion), at(deletion));
  for (const [i, expected] of [1, 0.4, 0.1, 0, 0].entries()) {
    near(t, deletion.curve[i].probability, expected);
    near(t, insertion.curve[i].probability, 1 - expected);
  }
  near(t, deletion.auc, (0.5 + 0.4 + 0.1) / 4);
  near(t, insertion.auc, 1 - 1 / 4);
});

test('a linear model that weighs voxels as the mask does: (2n + 1) / 6n for deletion', async (t) => {
  for (const voxels of [STEPS, 8, 16]) {
    const mask = untied(voxels);
    const { auc } = await run(mask, linear(inProportion(mask)), 'deletion', { steps: voxels });
    near(t, auc, (2 * voxels + 1) / (6 * voxels), `${voxels} voxels`);
  }
});

test('a linear model of equal weights: ½, whatever the mask', async (t) => {
  for (let seed = 0; seed < 5; seed++) {
    const predict = linear(new Float64Array(480).fill(1 / 480));
    for (const mode of ['deletion', 'insertion']) {
      near(t, (await run(randomMask(seed), predict, mode, { steps: 60 })).auc, 0.5, mode);
    }
  }
});

test('insertion along the reversed ranking is deletion run backwards, for any model', async (t) => {
  const weights = inProportion(randomMask(8));
  const evidence = linear(weights);
  const crooked = async (masks, count) => (await evidence(masks, count)).map((p) => p ** 3 / (p ** 3 + 0.1));
  const mask = untied(480);
  const reversed = mask.map((m) => 1 - m);
  const deletion = await run(mask, crooked, 'deletion', { steps: 48 });
  const insertion = await run(reversed, crooked, 'insertion', { steps: 48 });
  near(t, insertion.auc, deletion.auc);
  for (const [i, { probability }] of insertion.curve.entries()) {
    near(t, probability, deletion.curve[48 - i].probability, `point ${i}`);
  }
});

test('a linear model: insertion and deletion sum up to 1', async (t) => {
  for (let seed = 0; seed < 5; seed++) {
    const predict = linear(inProportion(randomMask(50 + seed)));
    const mask = randomMask(seed, 10);
    const [deletion, insertion] = await Promise.all(
      ['deletion', 'insertion'].map((mode) => run(mask, predict, mode)),
    );
    near(t, deletion.auc + insertion.auc, 1);
  }
});

test('a ranking that knows the model beats one that does not, and the reverse is worst', async (t) => {
  const weights = inProportion(randomMask(11).map((m) => m ** 4));
  const auc = async (mask) => (await run(mask, linear(weights), 'deletion', { steps: 60 })).auc;
  const top = Math.max(...weights);
  const knowing = Float32Array.from(weights, (w) => w / top);
  const [best, guess, worst] = [
    await auc(knowing),
    await auc(randomMask(12)),
    await auc(knowing.map((m) => 1 - m)),
  ];
  t.true(best < guess - 0.1 && guess < worst - 0.1, `${best}, ${guess}, ${worst}`);
  near(t, best + worst, 1, 'by symmetry', 1e-5);
});

test('voxels are ranked over all frames jointly', async (t) => {
  const frames = [0.1, 0.9, 0.5];
  const mask = Float32Array.from({ length: 12 }, (_, i) => frames[Math.floor(i / 4)]);
  const masks = [];
  await run(mask, recorder(masks), 'deletion', { steps: 3 });
  t.deepEqual(
    masks.map((m) => Array.from(m)),
    [
      [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
      [1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1],
      [1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ],
  );
});

test('masks come as 0 and 1, at most 65 at a time, from one end to the other', async (t) => {
  const steps = 160;
  for (const [mode, first] of [
    ['deletion', 1],
    ['insertion', 0],
  ]) {
    const masks = [];
    const counts = [];
    await run(randomMask(4, 3), recorder(masks, counts), mode, { steps });
    t.deepEqual(counts, [65, 65, 31]);
    for (const [i, mask] of masks.entries()) {
      t.true(mask.every((m) => m === 0 || m === 1));
      const changed = mask.filter((m) => m !== first).length;
      t.is(changed, Math.round((i / steps) * 480));
      if (i > 0) t.true(mask.every((m, v) => m === masks[i - 1][v] || m !== first));
    }
  }
});

test('64 steps unless another number is given', async (t) => {
  const { curve } = await deletionInsertion(untied(128), recorder([]), { mode: 'deletion' });
  t.is(curve.length, 65);
});

test('equal voxels come in no order of place: a constant mask is as good as chance', async (t) => {
  // All evidence lies in the first tenth of memory; raster order would give 0.05 for deletion.
  const weights = Float64Array.from({ length: 480 }, (_, i) => (i < 48 ? 1 / 48 : 0));
  const mask = new Float32Array(480).fill(0.5);
  const aucs = [];
  for (let seed = 0; seed < 40; seed++)
    aucs.push((await run(mask, linear(weights), 'deletion', { seed })).auc);
  // One curve's AUC is about the mean rank of 48 of 480 voxels: its standard deviation is √(432 / (12·48·480)) ≈ 0.04.
  const expected = Math.sqrt((480 - 48) / (12 * 48 * 480));
  near(t, sum(aucs) / 40, 0.5, 'mean', (4 * expected) / Math.sqrt(40));
  const spread = Math.sqrt(sum(aucs.map((auc) => (auc - 0.5) ** 2)) / 40);
  t.true(spread > expected / 2 && spread < expected * 1.5, `spread ${spread}, expected ${expected}`);
});

test('a seed decides the order of equals, and nothing else', async (t) => {
  const predict = linear(inProportion(randomMask(20)));
  const tied = randomMask(21, 3);
  t.deepEqual(
    await run(tied, predict, 'deletion', { seed: 7 }),
    await run(tied, predict, 'deletion', { seed: 7 }),
  );
  t.notDeepEqual(
    await run(tied, predict, 'deletion', { seed: 7 }),
    await run(tied, predict, 'deletion', { seed: 8 }),
  );
  t.deepEqual(
    await run(untied(480), predict, 'deletion', { seed: 7 }),
    await run(untied(480), predict, 'deletion', { seed: 8 }),
  );
});

test('fewer voxels than steps', async (t) => {
  const { curve, auc } = await run(Float32Array.of(1, 0), linear([1, 0]), 'deletion', { steps: 8 });
  t.deepEqual(
    curve.map(({ probability }) => probability),
    [1, 1, 0, 0, 0, 0, 0, 0, 0],
  );
  near(t, auc, 1.5 / 8);
});

test('bad input is refused by name, and what predict rejects with comes through', async (t) => {
  const predict = recorder([]);
  const mask = untied(8);
  const refused = (promise, code, message) => t.throwsAsync(promise, { instanceOf: FepError, code, message });
  await refused(run(new Float32Array(), predict, 'deletion'), 'FEP_SHAPE', /The mask is empty/);
  await refused(run(Float32Array.of(Number.NaN), predict, 'deletion'), 'FEP_USAGE', /NaN at voxel 0/);
  await refused(run(mask, predict, 'delete'), 'FEP_USAGE', /mode is delete/);
  await refused(run(mask, predict, 'deletion', { steps: 0 }), 'FEP_USAGE', /steps is 0/);
  await refused(
    run(mask, async () => new Float32Array(3), 'deletion'),
    'FEP_SHAPE',
    /3 values for 65 masks/,
  );
  await refused(
    run(mask, async (_, count) => new Float32Array(count).fill(Number.NaN), 'deletion'),
    'FEP_NUMERIC',
    /NaN/,
  );
  const stopped = new Error('stopped');
  t.is(await t.throwsAsync(run(mask, () => Promise.reject(stopped), 'deletion')), stopped);
});

/** A model that notes what it is shown. */
function recorder(masks, counts = []) {
  return async (batch, count) => {
    counts.push(count);
    const size = batch.length / count;
    for (let i = 0; i < count; i++) masks.push(batch.slice(i * size, (i + 1) * size));
    return new Float32Array(count);
  };
}
