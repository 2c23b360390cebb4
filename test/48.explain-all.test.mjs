// Several clips, areas and frequency bands in one run: each comes out as in a run by itself.
import { join } from 'node:path';
import test from 'ava';
import { explain, explainAll, loadModel, resolveConfig } from 'fep-native';
import { findMasksSideBySide } from '../dist/explain/findMasks.js';
import { toMaskOptions } from '../dist/methods/native.js';
import { setUpSmall } from './helpers/bench.mjs';
import { difference, goldenClip, relative, TINY, tiny } from './helpers/golden.mjs';
import { exported } from './helpers/python.mjs';

const SHORT = { iterations: 6, step: 7, sigma: 11, arithmetic: 'fused' };

/** What test/reference/smooth_model.py makes: several clips at once round otherwise in it than one, no more. */
async function smoothModel(t) {
  const folder = await exported((into) => ['smooth_model.py', join(into, 'smooth.pt')]);
  const model = await loadModel(join(folder, 'smooth.pt'), TINY);
  t.teardown(() => model.dispose());
  return model;
}

/** The golden clip, that clip mirrored, and played backwards. */
async function setUp(t) {
  const model = await tiny(t);
  const clip = await goldenClip(model);
  const rearranged = (place) => ({ ...clip, data: clip.data.map((_, i) => clip.data[place(i)]) });
  const mirrored = rearranged((i) => i - (i % 64) + 63 - (i % 64));
  const frame = 64 * 64;
  const backwards = rearranged((i) => {
    const t = Math.floor(i / frame) % 16;
    return i + (15 - 2 * t) * frame;
  });
  return { model, clips: [clip, mirrored, backwards] };
}

const joined = (clips) => Float32Array.from(clips.flatMap(({ data }) => [...data]));

/** Runs in the addon with so little memory that the model sees one clip at a time, so that it rounds alike. */
function runOneByOne(model, clips, configs, targets) {
  const options = { ...toMaskOptions(configs, model.manifest), memory: 0 };
  return model.native.extremalPerturbation(joined(clips), targets, options, undefined).promise;
}

/** Mask `i` of `of`. */
const maskAt = ({ masks }, i, of) => masks.slice((i * masks.length) / of, ((i + 1) * masks.length) / of);

test.serial('clips × areas × bands, bit for bit', async (t) => {
  const { model, clips } = await setUpSmall(t, 3);
  const areas = [0.1, 0.3];
  const bands = [
    [0.5, 0.2],
    [0.3, 0],
    [0.7, 0.1],
  ];
  for (const domain of ['parameters', 'mask']) {
    const configs = bands.map(([lowRatio, highRatio]) =>
      resolveConfig({ ...SHORT, area: areas, lowRatio, highRatio, domain }, model.manifest),
    );
    const all = await runOneByOne(model, clips, configs, [-1, 6, -1]);
    t.is(all.masks.length, 3 * 2 * 3 * 8 * 32 * 32);
    t.deepEqual(all.updates, new Array(9).fill(6));
    for (const [c, clip] of clips.entries()) {
      for (const [b, config] of configs.entries()) {
        const single = await runOneByOne(model, [clip], [config], [c === 1 ? 6 : -1]);
        t.is(all.targets[c], single.targets[0]);
        t.deepEqual(all.original.slice(10 * c, 10 * c + 10), single.original);
        for (const a of [0, 1]) {
          const i = (c * 2 + a) * 3 + b;
          t.deepEqual(
            maskAt(all, i, 18),
            maskAt(single, a, 2),
            `${domain}: clip ${c}, area ${a}, bands ${b}`,
          );
          t.deepEqual(all.explained.slice(10 * i, 10 * i + 10), single.explained.slice(10 * a, 10 * a + 10));
          t.is(all.reward[5 * 18 + i], single.reward[5 * 2 + a]);
          t.is(all.area[5 * 18 + i], single.area[5 * 2 + a]);
        }
      }
    }
  }
});

test.serial('each clip ends when its own masks have settled', async (t) => {
  const { model, clips } = await setUpSmall(t, 3);
  const smooth = { method: 'ep', step: 16, sigma: 16, rewardWeight: 10, iterations: 400, until: 'converged' };
  const config = resolveConfig({ ...smooth, arithmetic: 'fused' }, model.manifest);
  const all = await runOneByOne(model, clips, [config], [-1, -1, -1]);
  t.true(new Set(all.updates).size > 1, `${all.updates}`);
  t.is(all.reward.length, 3 * Math.max(...all.updates), 'the run goes on for the last of them');
  for (const [c, clip] of clips.entries()) {
    const single = await runOneByOne(model, [clip], [config], [-1]);
    t.is(all.updates[c], single.updates[0]);
    t.deepEqual(maskAt(all, c, 3), single.masks);
  }
});

/** `explainAll` finds what `explain` does, with masks no more than `bound` apart. */
async function assertAsOneByOne(t, model, clips, options, bound) {
  const seen = [];
  const all = await explainAll(model, clips, { ...options, onProgress: (progress) => seen.push(progress) });
  t.is(all.length, clips.length);
  t.is(seen.at(-1).iteration, options.iterations - 1);
  for (const [c, clip] of clips.entries()) {
    const single = await explain(model, clip, options);
    t.deepEqual(all[c].config, single.config);
    t.is(all[c].target.name, single.target.name);
    for (const [a, mask] of all[c].masks.entries()) {
      const other = single.masks[a];
      t.is(mask.area, other.area);
      t.true(difference(mask.mask, other.mask).maximum <= bound);
      const total = ({ energy }) => energy.map(({ reward, area, core }) => reward + area + core);
      t.true(relative(total(mask), total(other)) <= 1e-4);
      t.true(Math.abs(mask.probability.explained - other.probability.explained) <= 1e-3);
    }
  }
  t.true(difference(all[0].masks[0].mask, all[1].masks[0].mask).mean > 0.01, 'clips have masks of their own');
}

// Three clips at once round otherwise than one. Where nothing has a kink, masks stay a rounding apart.
test.serial('explainAll: what explain finds, clip by clip', async (t) => {
  const { clips } = await setUp(t);
  const options = { ...SHORT, method: 'ep', area: [0.1, 0.3] };
  // Between two levels a perturbation is linear; a voxel that changes sides of the area's threshold weighs little.
  const smooth = { ...options, perturbation: 'fade-black', areaWeight: 3 };
  await assertAsOneByOne(t, await smoothModel(t), clips, smooth, 1e-5);
});

// Here a ReLU's unit or a voxel between two blurs may change sides, which moves a mask by 1e-4 or so, and ten
// times that once momentum has carried it on: hence few iterations.
test.serial('explainAll: what explain finds, by a model with kinks', async (t) => {
  const { model, clips } = await setUp(t);
  const options = { ...SHORT, method: 'ep', area: [0.1, 0.3], iterations: 3 };
  await assertAsOneByOne(t, model, clips, options, 1e-3);
  const maps = await explainAll(model, clips, { method: 'gradients' });
  for (const [c, clip] of clips.entries()) {
    t.deepEqual(maps[c].masks[0].mask, (await explain(model, clip, { method: 'gradients' })).masks[0].mask);
  }
  t.deepEqual(await explainAll(model, [], options), []);
});

test.serial('settings that differ in their bands only come out as explanations of their own', async (t) => {
  const { model, clips } = await setUp(t);
  const configs = [0.3, 0.5].map((lowRatio) =>
    resolveConfig({ ...SHORT, lowRatio, highRatio: 0.2 }, model.manifest),
  );
  const subjects = clips.slice(0, 2).map((clip) => ({ clip, target: -1 }));
  const found = await findMasksSideBySide(model, subjects, configs, {});
  t.deepEqual(
    found.map((ofClip) => ofClip.map(({ config }) => config.modulation.lowRatio)),
    [
      [0.3, 0.5],
      [0.3, 0.5],
    ],
  );
  const { seconds, secondsPerIteration } = found[0][0].timing;
  t.true(Math.abs(seconds / secondsPerIteration - 6) < 1e-9);
});

test.serial('what is wrong is refused before anything runs', async (t) => {
  const { model, clips } = await setUp(t);
  await t.throwsAsync(explainAll({}, clips), { code: 'FEP_USAGE' });
  await t.throwsAsync(explainAll(model, clips[0]), { code: 'FEP_USAGE', message: /clips is .* an array/ });
  await t.throwsAsync(explainAll(model, [clips[0], null]), { code: 'FEP_USAGE' });
  const short = { ...clips[0], data: clips[0].data.slice(1) };
  await t.throwsAsync(explainAll(model, [clips[0], short]), { code: 'FEP_SHAPE' });
  await t.throwsAsync(explainAll(model, clips, { area: 2 }), { code: 'FEP_USAGE' });
  const signal = AbortSignal.abort();
  await t.throwsAsync(explainAll(model, clips, { signal }), { code: 'FEP_ABORTED' });
});
