// What the options come to where they are left out: presets, schedules, F-EP's ratios.
import test from 'ava';
import { MASK_METHODS, PRESETS, resolveConfig } from 'fep-native';
import { manifest } from './helpers/manifest.mjs';

test('the fast schedule as resolved: fewer updates, and an ε that grows with the grid', (t) => {
  const at = (options) => resolveConfig({ schedule: 'fast', ...options }, manifest(112));
  t.like(at({}), { schedule: 'fast', iterations: 120, learningRate: 0.05 });
  t.throws(() => at({ until: 'converged' }), { code: 'FEP_USAGE', message: /runs to its end/ });
  t.is(at({ method: 'ep' }).learningRate, 0.05 * ((16 * 16 * 16) / (16 * 9 * 9))); // 16×16 points for 9×9
  t.is(at({ method: 'ep', step: 13 }).learningRate, 0.05);
  t.like(at({ iterations: 200, learningRate: 0.1 }), { iterations: 200, learningRate: 0.1 });
  const quick = resolveConfig({ method: 'ep', schedule: 'quick', step: 13 }, manifest(112));
  t.like(quick, { schedule: 'quick', iterations: 60, learningRate: 0.05, momentum: 0.8, dampening: 0.8 });
  const published = resolveConfig({ preset: 'paper' }, manifest(112));
  t.like(published, { iterations: 2000, learningRate: 0.05 });
  t.false('schedule' in published, 'what was saved before there was another is still what it was');
  for (const method of ['step', 'torchray']) {
    t.throws(() => at({ method }), { code: 'FEP_USAGE', message: /schedule belongs to the methods/ });
  }
});

test('quick: what it stands for, and what is said otherwise goes before it', (t) => {
  const at = (options, size = 112) => resolveConfig({ preset: 'quick', ...options }, manifest(size));
  const course = { course: 'coarse-to-fine' };
  const few = { schedule: 'quick', areaOver: 'frame', area: 'smallest' };
  t.deepEqual(at({}), resolveConfig({ ...few, ...course, step: 7, sigma: 11 }, manifest(112)));
  t.deepEqual(at({}, 224), resolveConfig({ ...few, ...course, step: 7, sigma: 23 }, manifest(224)));
  t.like(at({}), { iterations: 50, schedule: 'quick', momentum: 0.8, step: 7, sigma: 11, areaOver: 'frame' });
  for (const method of ['ep', 'ep-2d'])
    t.deepEqual(at({ method }), resolveConfig({ method, ...few }, manifest(112)));
  t.like(at({ step: 13, sigma: undefined, iterations: 50 }), { step: 13, sigma: 11, iterations: 50 });
  t.like(at({ course: 'constant' }).modulation, { lowRatio: 0.5, highRatio: 0.2 });
  t.false('course' in at({ course: 'constant' }).modulation);
  t.deepEqual(at({ area: 0.2 }).areas, [0.2]);
  t.is(at({ area: 0.2 }).iterations, 60, 'no search goes on from it');
  t.false('search' in at({ area: 0.2 }));
  const frame = { areaOver: 'frame' };
  t.deepEqual(at({ method: 'torchray' }), resolveConfig({ method: 'torchray', ...frame }, manifest(112)));
  const step = { method: 'step', ...frame, iterations: 150 };
  t.deepEqual(at({ method: 'step' }), resolveConfig(step, manifest(112)));
  t.throws(() => at({ method: 'gradients' }), { code: 'FEP_USAGE', message: /preset belongs to/ });
  t.throws(() => at({ until: 'converged' }), { code: 'FEP_USAGE', message: /runs to its end/ });
});

test('where no preset is named: quick of F-EP, paper of others and of whoever says how the mask is searched', (t) => {
  const at = (options) => resolveConfig(options, manifest(112));
  const by = (preset) => (options) => at({ preset, ...options });
  const [quick, paper] = [by('quick'), by('paper')];
  for (const options of [
    {},
    { method: 'f-ep' },
    { area: 0.1 },
    { keep: 0.5 },
    { target: 3, seed: 2, perturbation: 'fade-mean' },
    { variant: 'delete', framesBudget: 0.5 },
    { arithmetic: 'fused', cudaGraph: true },
  ])
    t.deepEqual(at(options), quick(options), JSON.stringify(options));
  for (const options of [
    { method: 'ep' },
    { method: 'step' },
    { iterations: 50 },
    { step: 9 },
    { areaWeight: 100 },
    { lowRatio: 0.3 },
    { course: 'coarse-to-fine' },
    { until: 'converged' },
    { areaOver: 'frame' },
  ]) {
    t.deepEqual(at(options), paper(options), JSON.stringify(options));
    t.notDeepEqual(at(options), at({}));
  }
});

test('presets are those of DESIGN, for frames of 112 and of 224 pixels', (t) => {
  const published = { rewardWeight: 100, areaWeight: 300, areaGrowth: 1, coreWeight: 0, iterations: 2000 };
  const descent = { learningRate: 0.05, momentum: 0.9, dampening: 0.9, flipEven: false };
  const common = { ...published, ...descent, areas: [0.1], areaOver: 'canvas', reward: 'log-probability' };
  const blur = { perturbation: 'blur', blurLevels: 8, blurSigma: 20, coreAfter: 100, seed: 0, target: null };
  const expected = {
    ep: { step: 7, sigma: [11, 23], budget: 'clip', modulation: null },
    'ep-2d': { step: 7, sigma: [11, 23], budget: 'frame', modulation: null },
    step: {
      step: 7,
      sigma: [11, 23],
      budget: 'clip',
      rewardWeight: 1,
      areaGrowth: 1.0008668,
      coreWeight: 300,
    },
    'f-ep': { step: 13, sigma: [23, 23], budget: 'clip' },
    torchray: {
      step: 7,
      sigma: [21, 21],
      reward: 'activation',
      learningRate: 0.01,
      flipEven: true,
      rewardWeight: 1,
      areaGrowth: 1.0035,
      iterations: 800,
    },
  };
  t.deepEqual([...MASK_METHODS].sort(), Object.keys(expected).sort());
  t.deepEqual(Object.keys(PRESETS).sort(), Object.keys(expected).sort());
  for (const [method, { sigma, ...preset }] of Object.entries(expected)) {
    for (const [i, size] of [112, 224].entries()) {
      const config = resolveConfig({ method, preset: 'paper' }, manifest(size));
      t.like(config, { ...common, ...blur, ...preset, method, sigma: sigma[i] }, `${method} at ${size}`);
    }
  }
  t.is(resolveConfig({}, manifest(112)).method, 'f-ep');
  t.is(resolveConfig({}, manifest(112)).arithmetic, 'fused');
  t.is(resolveConfig({}, manifest(64)).arithmetic, 'published', 'for small clips');
});

test("F-EP's ratios are the published ones, and fit when one is given", (t) => {
  const ratios = (options, architecture) => {
    const paper = { preset: 'paper', ...options };
    const { lowRatio, highRatio } = resolveConfig(paper, manifest(112, architecture)).modulation;
    return [lowRatio, highRatio];
  };
  t.deepEqual(ratios({}, 'R(2+1)D-18'), [0.5, 0.2]);
  t.deepEqual(ratios({}, 'TSM-ResNet-50'), [0.5, 0.1]);
  t.deepEqual(ratios({ lowRatio: 1 }), [1, 0]);
  t.deepEqual(ratios({ highRatio: 1 }), [0, 1]);
  t.deepEqual(ratios({ lowRatio: 0.7 }), [0.7, 0.2]);
  t.deepEqual(ratios({ lowRatio: 0.1, highRatio: 0.9 }), [0.1, 0.9]);
  t.like(resolveConfig({}, manifest(112)).modulation, { domain: 'parameters', part: 'energy' });
  const chosen = { domain: 'mask', modulate: 'reward' };
  t.like(resolveConfig(chosen, manifest(112)).modulation, { domain: 'mask', part: 'reward' });
});

test('options win over presets', (t) => {
  const given = { iterations: 5, step: 3, sigma: 4.5, areaOver: 'frame', learningRate: 0.2, rewardWeight: 7 };
  const config = resolveConfig(
    { ...given, method: 'step', areaWeight: 0, area: [0.2, 1], seed: 9 },
    manifest(112),
  );
  t.like(config, { ...given, areaWeight: 0, areas: [0.2, 1], seed: 9, coreWeight: 300 });
});
