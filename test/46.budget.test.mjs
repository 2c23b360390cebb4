// When a mask is not as large as it was asked to be: the reason, and what to do.
import test from 'ava';
import { explain, resolveConfig } from 'fep-native';
import { adviceOn } from '../dist/explain/adviceOn.js';
import { missedBudget } from '../dist/explain/missedBudget.js';
import { toMaskOptions } from '../dist/methods/native.js';
import { goldenClip, tiny } from './helpers/golden.mjs';

const falling = Array.from({ length: 100 }, (_, i) => ({ iteration: i, reward: 100 - i, area: 0, core: 0 }));
const settled = Array.from({ length: 100 }, (_, i) => ({
  iteration: i,
  reward: i < 10 ? 100 - i : 1,
  area: 0,
  core: 0,
}));

test('the reason why a budget is missed', async (t) => {
  const { manifest } = await tiny(t);
  const missed = ({ realisedArea, energy = settled, ...options }) => {
    const config = resolveConfig({ area: 0.1, step: 4, sigma: 4, areaOver: 'frame', ...options }, manifest);
    return missedBudget({ area: options.area ?? 0.1, realisedArea, energy }, config, manifest);
  };
  for (const realisedArea of [0.081, 0.1, 0.119]) t.is(missed({ realisedArea, energy: falling }), undefined);
  t.regex(missed({ realisedArea: 0.2, sigma: 23 }).reason, /one control point of σ 23/);
  t.is(missed({ realisedArea: 0.2, sigma: 23, step: 13 }).hint, '--sigma 10 --step 5'); // a disc of 10 % of 64×64
  t.is(missed({ realisedArea: 0.2, sigma: 10, energy: settled }).hint, 'a larger --area-weight');
  t.regex(missed({ realisedArea: 0.2, energy: falling }).reason, /still changing/);
  t.regex(missed({ realisedArea: 0.2, energy: settled.slice(0, 29) }).reason, /still changing/);
  const quick = { preset: 'quick', realisedArea: 0.2 };
  t.is(missed({ ...quick, energy: settled.slice(0, 60) }).hint, '--preset quick with a larger --area-weight');
  t.is(missed({ ...quick, energy: falling.slice(0, 60) }).hint, '--preset quick with more --iterations');
  t.regex(missed({ realisedArea: 0.2, energy: falling }).hint, /--schedule fast/);
  t.is(missed({ realisedArea: 0.2, energy: falling, schedule: 'fast' }).hint, 'more --iterations');
  for (const method of ['step', 'torchray'])
    t.notRegex(missed({ realisedArea: 0.2, energy: falling, method }).hint, /schedule/);
  t.regex(missed({ realisedArea: 0.2, areaOver: 'canvas' }).reason, /canvas/);
  t.regex(missed({ realisedArea: 0.2 }).hint, /--area-weight/);
  t.is(missed({ realisedArea: 0.05 }).hint, 'a smaller --area');
  t.is(missed({ realisedArea: 0.02, area: 'smallest' }), undefined, 'nothing was asked for');
});

test('what a page and the command line advise, and when there is nothing to advise', async (t) => {
  const { manifest } = await tiny(t);
  const advice = (options, mask, search) =>
    adviceOn({ config: resolveConfig(options, manifest), search }, { energy: settled, ...mask }, manifest);
  const probability = { original: 0.8, explained: 0.79 };
  const small = { area: 0.1, step: 4, sigma: 4, areaOver: 'frame', iterations: 100 };
  t.regex(advice(small, { area: 0.1, realisedArea: 0.2 }), /^The budget is missed: .*\. Try .*\.$/);
  t.is(advice(small, { area: 0.1, realisedArea: 0.1 }), undefined);
  t.is(
    advice({ ...small, iterations: 4000 }, { area: 0.1, realisedArea: 0.9 }),
    undefined,
    'stopped by hand',
  );
  const search = (updates, blank = 0.1) => ({
    keep: 0.9,
    found: true,
    blank,
    chosen: 0,
    tried: [{ updates }],
  });
  const smallest = { preset: 'quick', area: 'smallest', iterations: 20 };
  t.regex(
    advice(smallest, { realisedArea: 0.1, probability }, search(1000)),
    /still shrinking: try .*--iterations 40\.$/,
  );
  t.is(advice(smallest, { realisedArea: 0.1, probability }, search(3)), undefined);
  t.regex(advice(smallest, { probability }, search(3, 0.75)), /^The class has 75\.0 % where nothing is kept/);
  t.is(advice({ ...smallest, variant: 'delete' }, { probability }, search(3, 0.75)), undefined);
  const map = { method: 'grad-cam', layer: 'blocks.3' };
  t.regex(advice(map, { area: null, realisedArea: 0 }), /nothing at blocks\.3 speaks for the class/);
  t.is(advice(map, { area: null, realisedArea: 0.1 }), undefined);
});

test('a control point alone keeps a disc of 1.09 σ at ½', async (t) => {
  const model = await tiny(t);
  const clip = await goldenClip(model);
  for (const [step, sigma] of [
    [4, 8],
    [8, 16],
  ]) {
    const config = resolveConfig({ method: 'ep', step, sigma, iterations: 1, area: 0.1 }, model.manifest);
    const points = Math.ceil(64 / step);
    const initial = new Float32Array(16 * points * points);
    initial[(8 * points + points / 2) * points + points / 2] = 1;
    const native = { ...toMaskOptions([config], model.manifest), initial };
    const { masks } = await model.native.extremalPerturbation(clip.data, [6], native, undefined).promise;
    const pixels = masks.reduce((count, value) => count + (value >= 0.5), 0);
    t.log(`σ ${sigma}: radius ${Math.sqrt(pixels / Math.PI) / sigma}`);
    t.true(Math.abs(Math.sqrt(pixels / Math.PI) / sigma - 1.09) < 0.03, `${pixels}`);
  }
});

test('a budget that is kept is not complained of', async (t) => {
  const model = await tiny(t);
  const clip = await goldenClip(model);
  const options = { schedule: 'fast', course: 'coarse-to-fine', step: 7, sigma: 11, areaOver: 'frame' };
  const { masks, config } = await explain(model, clip, { ...options, area: 0.2, arithmetic: 'fused' });
  t.log(`20 % asked for, ${masks[0].realisedArea} kept`);
  t.is(missedBudget(masks[0], config, model.manifest), undefined);
});
