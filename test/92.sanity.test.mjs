// Sanity checks: what they measure against independent numbers, that controls fail them, and the command.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { explain, loadModel, writeNpy } from 'fep-native';
import { checkSanity } from 'fep-native/bench';
import { Random } from '../dist/numbers/random.js';
import frames from '../dist/sanity/frameOrder.js';
import { completenessOf } from '../dist/sanity/measure.js';
import rank from '../dist/sanity/rankCorrelation.js';
import { judge } from '../dist/sanity/verdicts.js';
import { difference, golden, goldenClip, TINY, tiny } from './helpers/golden.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';
import { python } from './helpers/python.mjs';

const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

test("the rank correlation is SciPy's, ties and all", async (t) => {
  const folder = temporaryFolder(t);
  const random = new Random(3);
  for (const levels of [3, 10, 1000]) {
    const [a, b] = [0, 1].map(() => Float32Array.from({ length: 500 }, () => random.integer(levels)));
    b.forEach((value, i) => {
      b[i] = value + a[i];
    });
    await writeNpy(join(folder, 'a.npy'), { data: a, shape: [500] });
    await writeNpy(join(folder, 'b.npy'), { data: b, shape: [500] });
    const program = `import numpy as np, scipy.stats as s; print(repr(float(s.spearmanr(np.load('a.npy'), np.load('b.npy'))[0])))`;
    const expected = Number(await python(program, { cwd: folder }));
    t.true(Math.abs(rank.rankCorrelation(a, b) - expected) < 1e-12, `${levels} levels`);
  }
  t.is(rank.rankCorrelation(new Float32Array(4), Float32Array.of(1, 2, 3, 4)), null);
});

test('frames are reordered in every channel, and a map finds its way back', (t) => {
  const [count, height, width] = [5, 2, 3];
  const data = Float32Array.from({ length: 3 * count * height * width }, (_, i) => i);
  const clip = { data, frames: count, height, width };
  for (const order of ['shuffled', 'reversed']) {
    const sources = frames.frameOrder(order, count, 7);
    t.deepEqual([...sources].sort(), [0, 1, 2, 3, 4]);
    t.notDeepEqual([...sources], [0, 1, 2, 3, 4]);
    const reordered = frames.reorderClip(clip, sources);
    for (let c = 0; c < 3; c++) {
      const plane = (values) => values.slice(c * count * 6, (c + 1) * count * 6);
      t.deepEqual(
        frames.restoreMap(plane(reordered.data), order, sources),
        plane(data),
        `${order}, channel ${c}`,
      );
    }
  }
  const frozen = frames.reorderClip(clip, frames.frameOrder('frozen', count, 0)).data;
  for (let at = 0; at < count; at++) t.deepEqual(frozen.slice(at * 6, at * 6 + 6), data.slice(12, 18));
});

test('randomised parameters: another model, the same for the same seed, and growing shares agree', async (t) => {
  const intact = await tiny(t);
  const clip = await goldenClip(intact);
  const answer = await intact.predict(clip);
  const predict = async (randomise) => (await tiny(t, { randomise })).predict(clip);
  const whole = await predict({ seed: 1, share: 1 });
  t.true(difference(answer, whole).maximum > 0.01);
  t.deepEqual(await predict({ seed: 1, share: 1 }), whole);
  t.notDeepEqual(await predict({ seed: 2, share: 1 }), whole);
  t.notDeepEqual(await predict({ seed: 1, share: 0.1 }), answer, 'the last layers alone');
  t.true(whole.every(Number.isFinite));
  for (const share of [0, -1, 1.5, Number.NaN]) {
    const error = await t.throwsAsync(
      loadModel(golden('tiny.pt'), { ...TINY, randomise: { seed: 0, share } }),
    );
    t.is(error.code, 'FEP_USAGE');
  }
});

/** Measures that pass every check. */
const GOOD = {
  method: 'f-ep',
  randomised: [{ share: 1, correlation: 0.1 }],
  frames: {
    shuffled: { correlation: 0.3, drop: 0.9 },
    reversed: { correlation: 0.99, drop: 0 },
    frozen: { correlation: 0.2, drop: 0.9 },
  },
  seeds: { identical: true, correlation: 1 },
  identity: 0.001,
  completeness: null,
};
const passed = (measures) =>
  Object.fromEntries(Object.entries(judge(measures)).map(([k, v]) => [k, v.passed]));

test('verdicts', (t) => {
  const good = { parameters: true, frames: true, seeds: true, identity: true, completeness: null };
  t.deepEqual(passed(GOOD), good);
  t.false(passed({ ...GOOD, randomised: [{ share: 1, correlation: 0.9 }] }).parameters);
  t.false(passed({ ...GOOD, frames: { ...GOOD.frames, frozen: { correlation: 1, drop: 0.9 } } }).frames);
  const still = { correlation: 1, drop: 0.01 };
  t.is(passed({ ...GOOD, frames: { shuffled: still, reversed: still, frozen: still } }).frames, null);
  t.false(passed({ ...GOOD, seeds: { identical: false, correlation: 1 } }).seeds);
  t.false(passed({ ...GOOD, seeds: { identical: true, correlation: 0.5 } }).seeds);
  t.false(passed({ ...GOOD, identity: 0.5 }).identity);
  t.false(passed({ ...GOOD, completeness: 0.5 }).completeness);
});

const METHODS = ['f-ep', 'gradients', 'random', 'center'];

test.serial('a model is asked: gradients depend on it, controls do not, identities hold', async (t) => {
  const seen = [];
  const sanity = await checkSanity(golden('tiny.pt'), [golden('clip.npy')], {
    methods: METHODS,
    shares: [1],
    iterations: 4,
    step: 16,
    sigma: 23,
    load: { ...TINY, threads: 1 },
    onProgress: ({ done, of }) => seen.push([done, of]),
  });
  const rows = Object.fromEntries(sanity.rows.map((row) => [row.method, row]));
  t.deepEqual(Object.keys(rows), METHODS);
  const [done, of] = seen.at(-1);
  t.is(done, of, 'what was announced was done');

  for (const control of ['random', 'center']) {
    t.deepEqual(
      rows[control].randomised.map(({ correlation }) => Math.fround(correlation)),
      [1],
      'they know nothing of the model',
    );
    t.false(rows[control].verdicts.parameters.passed);
  }
  t.true(rows.gradients.randomised[0].correlation < 0.7, JSON.stringify(rows.gradients.randomised));
  for (const row of sanity.rows) t.true(row.seeds.identical, `${row.method} twice`);
  t.true(Math.abs(rows.random.seeds.correlation) < 0.5);
  t.true(rows['f-ep'].identity < 1e-3, String(rows['f-ep'].identity));
  t.is(rows.gradients.identity, null);
});

test.serial('the completeness of integrated gradients', async (t) => {
  const model = await tiny(t);
  const clip = await goldenClip(model);
  const { masks } = await explain(model, clip, { method: 'integrated-gradients', integrationSteps: 8 });
  const { completenessGap, score, baselineScore } = masks[0].details;
  const share = completenessOf(masks[0]);
  t.true(Math.abs(share - Math.abs(completenessGap) / Math.abs(score - baselineScore)) < 1e-9);
  t.is(completenessOf({ ...masks[0], details: undefined }), null);
});

test.serial('the command prints a table and writes it', (t) => {
  const out = join(temporaryFolder(t), 'sanity');
  const bare = ['--layout', 'NCTHW', '--frames', '16', '--size', '64', '--activation', 'logits'];
  const what = ['--method', 'gradients,center', '--shares', '1', '--out', out, '--quiet'];
  const args = [MAIN, 'sanity', golden('clip.npy'), '--model', golden('tiny.pt'), ...bare, ...what];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  t.is(status, 0, stderr);
  t.regex(stdout, /^method +parameters +frames +seeds +identity +completeness\n/);
  t.regex(stdout, /\nCenter +FAIL/);
  t.true(existsSync(join(out, 'sanity.md')));
  const written = JSON.parse(readFileSync(join(out, 'sanity.json'), 'utf8'));
  t.is(written.schemaVersion, 1);
  t.deepEqual(
    written.rows.map(({ method }) => method),
    ['gradients', 'center'],
  );
});

test('what cannot be checked is said at once', async (t) => {
  const wrong = [
    [[], {}],
    ['clip.npy', {}],
    [[golden('clip.npy')], { methods: ['guess'] }],
    [[golden('clip.npy')], { shares: [0] }],
  ];
  for (const [clips, options] of wrong) {
    const error = await t.throwsAsync(checkSanity(golden('tiny.pt'), clips, { load: TINY, ...options }));
    t.is(error.code, 'FEP_USAGE');
  }
});
