// The seam: binding.d.ts is what fep.node exports, and no argument, however wrong, brings the process down.
import { readFileSync } from 'node:fs';
import test from 'ava';
import { findModel } from 'fep-native';
import ts from 'typescript';
import { loadAddon } from '../dist/binding/addon.js';
import methodDescriptions from '../dist/methods/methods.js';
import { toAttributionOptions, toMaskOptions } from '../dist/methods/native.js';
import { resolveConfig } from '../dist/methods/resolve.js';
import { golden, goldenArray, TINY } from './helpers/golden.mjs';

const { DESCRIPTIONS, MASK_METHODS } = methodDescriptions;

const addon = loadAddon();

const SPEC = {
  path: golden('tiny.pt'),
  device: 'cpu',
  precision: 'float32',
  form: { foldBatchNorm: false, memoryFormat: 'exported', winograd: false, optimiseGraph: false },
  formWasCompared: false,
  tune: false,
  layout: 'NCTHW',
  activation: 'logits',
  output: { averageOver: 'nothing', classes: 0 },
  frames: 16,
  height: 64,
  width: 64,
  threads: 0,
};

const OPTIONS = {
  areas: [0.1],
  variant: 'preserve',
  framesBudget: 1,
  iterations: 1,
  step: 16,
  sigma: 23,
  areaOver: 'canvas',
  schedule: 'published',
  until: 'iterations',
  arithmetic: 'fused',
  cudaGraph: false,
  budget: 'clip',
  reward: 'log-probability',
  rewardWeight: 100,
  flipEven: false,
  areaWeight: 300,
  areaGrowth: 1,
  coreWeight: 0,
  coreAfter: 100,
  learningRate: 0.05,
  momentum: 0.9,
  dampening: 0.9,
  perturbation: 'blur',
  blurLevels: 8,
  blurSigma: 20,
  fadeColour: [0, 0, 0],
};

/** Another value than the default of every option of a mask, as far as one run can have it. */
const CHANGED = {
  area: [0.2, 0.3],
  variant: 'delete',
  framesBudget: 0.75,
  iterations: 7,
  until: 'converged',
  step: 5,
  sigma: 6.5,
  course: 'coarse-to-fine',
  courseBegin: 0.3,
  courseEnd: 0.6,
  lowRatio: 0.4,
  highRatio: 0.3,
  temporalLowRatio: 0.2,
  temporalHighRatio: 0.1,
  domain: 'mask',
  modulate: 'reward',
  areaOver: 'frame',
  arithmetic: 'fused',
  cudaGraph: true,
  rewardWeight: 3,
  areaWeight: 4,
  learningRate: 0.5,
  target: 6,
  perturbation: 'fade-black',
  seed: 3,
};

/** The same of every option of a saliency method. */
const CHANGED_SALIENCY = {
  integrationSteps: 7,
  baseline: 'mean',
  samples: 9,
  noise: 0.5,
  layer: 'layers.2',
  camWeights: 'frame',
  cells: [2, 3, 5],
};

const ready = (async () => ({
  model: await addon.loadModel(SPEC).promise,
  clip: await goldenArray('clip.npy'),
}))();

test.after.always(async () => (await ready).model.dispose());

/** Members of an interface of binding.d.ts by name: `function`, or the type as written. */
function declared(name) {
  const path = new URL('../binding.d.ts', import.meta.url);
  const source = ts.createSourceFile(
    'binding.d.ts',
    readFileSync(path, 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const found = source.statements.find((s) => ts.isInterfaceDeclaration(s) && s.name.text === name);
  return Object.fromEntries(
    found.members.map((member) => [
      member.name.text,
      ts.isMethodSignature(member) ? 'function' : member.type.getText(),
    ]),
  );
}

/** A value's type as binding.d.ts writes it; an object's is the one whose members it has. */
function kind(value) {
  if (Array.isArray(value)) return 'string[]';
  const members = (name) => Object.keys(declared(name)).sort().join();
  if (typeof value !== 'object') return typeof value;
  const own = Object.keys(value).sort().join();
  return ['ModelForm', 'ModelCheck'].find((name) => members(name) === own) ?? 'object';
}

test('fep.node exports what Binding declares, and nothing more', (t) => {
  const binding = declared('Binding');
  t.true(Object.keys(binding).length > 0);
  t.deepEqual(Object.keys(addon).sort(), Object.keys(binding).sort());
  for (const [name, type] of Object.entries(binding)) t.is(kind(addon[name]), type, name);
});

test('a loaded model has what NativeModel declares, and nothing more', async (t) => {
  const { model } = await ready;
  const native = declared('NativeModel');
  const members = Object.getOwnPropertyNames(Object.getPrototypeOf(model)).filter((n) => n !== 'constructor');
  t.deepEqual(members.sort(), Object.keys(native).sort());
  t.deepEqual(Object.keys(model), []);
  for (const [name, type] of Object.entries(native)) t.is(kind(model[name]), type, name);
});

test('a job is what Job declares', async (t) => {
  const { model, clip } = await ready;
  const job = model.predict(clip, 1);
  t.deepEqual(Object.keys(job).sort(), Object.keys(declared('Job')).sort());
  t.true(job.promise instanceof Promise);
  t.is(typeof job.cancel, 'function');
  t.is((await job.promise).length, 8);
  t.notThrows(() => job.cancel(), 'after the end too');
});

test('a result and an iteration hold what binding.d.ts says', async (t) => {
  const { model, clip } = await ready;
  const seen = [];
  const record = { iterations: [1], domain: 'mask' };
  const pictures = { scale: [255, 255, 255], offset: [0, 0, 0], isBgr: false };
  const asked = { record, pictures, progressMasks: true };
  const options = { ...OPTIONS, areas: [0.1, 0.3], iterations: 2, variant: 'dual', ...asked };
  const result = await model.extremalPerturbation(clip, [-1], options, (i) => seen.push(i)).promise;
  const type = (value) => {
    if (Array.isArray(value)) return typeof value[0] === 'object' ? 'GradientRecord[]' : 'number[]';
    return ArrayBuffer.isView(value) ? value.constructor.name : typeof value;
  };
  for (const [object, name] of [
    [result, 'ExtremalPerturbationResult'],
    [result.gradients[0], 'GradientRecord'],
    [seen.at(-1), 'Iteration'],
  ]) {
    t.deepEqual(Object.fromEntries(Object.entries(object).map(([k, v]) => [k, type(v)])), declared(name));
  }
  t.is(result.masks.length, 2 * 16 * 64 * 64);
  t.is(result.pictures.length, 2 * 16 * 64 * 64 * 3);
  for (const wrong of [null, {}, { ...pictures, scale: [1] }, { ...pictures, isBgr: 0 }]) {
    const call = () => model.extremalPerturbation(clip, [-1], { ...options, pictures: wrong }, undefined);
    await refused(t, call, ['FEP_USAGE'], `pictures ${shown(wrong)}`);
  }
  t.deepEqual(result.gradients[0].shape, [2, 16, 64, 64]);
  t.deepEqual([result.original.length, result.explained.length, result.reward.length], [8, 16, 4]);
  t.like(seen.at(-1), { iteration: 1, iterations: 2 });
  t.is(seen.at(-1).realisedArea.length, 2);
});

test('info tells the versions', (t) => {
  const info = addon.info();
  t.regex(info.libtorch, /^2\.13\.\d+/);
  t.is(typeof info.cpu, 'string');
  t.true(Number.isInteger(info.threads) && info.threads > 0);
  t.is(typeof info.cuda, 'boolean');
});

/** Asserts that a call throws, or its promise rejects with, an Error of one of these codes. */
async function refused(t, call, codes, what) {
  const error = await t.throwsAsync(async () => call().promise, { instanceOf: Error }, what);
  t.true(codes.includes(error?.code), `${what}: ${error?.code}: ${error?.message}`);
}

/** Values that are wrong for any field but those that take their kind. */
const HOSTILE = { undefined: undefined, null: null, NaN: Number.NaN, '{}': {}, '() => 1': () => 1 };
const shown = (value) =>
  (value === undefined ? 'undefined' : (JSON.stringify(value) ?? String(value))).slice(0, 40);

/** Every field with values of a wrong kind; besides, values that are wrong for that field only. */
async function eachField(t, fields, wrong, call, codes) {
  for (const [name, value] of Object.entries(fields)) {
    const strange = Object.entries({ ...HOSTILE, ...(typeof value === 'string' ? { 7: 7 } : { 7: '7' }) });
    for (const [label, bad] of strange)
      await refused(t, () => call({ ...fields, [name]: bad }), codes, `${name}: ${label}`);
    for (const bad of wrong[name] ?? []) {
      await refused(t, () => call({ ...fields, [name]: bad }), codes, `${name}: ${shown(bad)}`);
    }
  }
}

const NOT_WHOLE = [0, -1, 1.5, 1e10, Number.POSITIVE_INFINITY];

test('loadModel refuses wrong specs', async (t) => {
  for (const bad of [undefined, null, 5, 'x', Number.NaN]) {
    await refused(t, () => addon.loadModel(bad), ['FEP_USAGE'], shown(bad));
  }
  await eachField(
    t,
    SPEC,
    {
      device: ['', 'gpu', 'meta', 'mps', 'cpu:x', 'cuda:-5'],
      precision: ['', 'float16', 'tf32'],
      layout: ['', 'nchw'],
      activation: ['', 'relu'],
      frames: NOT_WHOLE,
      height: NOT_WHOLE,
      width: NOT_WHOLE,
      threads: [-1, 0.5, 1e10],
    },
    (spec) => addon.loadModel(spec),
    ['FEP_USAGE'],
  );
  for (const reference of [null, 5, {}, { seed: -1, outputs: [] }, { seed: 0, outputs: ['1'] }]) {
    await refused(
      t,
      () => addon.loadModel({ ...SPEC, reference }),
      ['FEP_USAGE'],
      `reference: ${shown(reference)}`,
    );
  }
  await refused(t, () => addon.loadModel({ ...SPEC, path: '' }), ['FEP_MODEL_LOAD'], 'path: empty');
});

test('predict refuses wrong clips and counts', async (t) => {
  const { model, clip } = await ready;
  const detached = clip.slice();
  structuredClone(detached, { transfer: [detached.buffer] });
  for (const bad of [
    undefined,
    null,
    5,
    'clip',
    [],
    [...clip.slice(0, 9)],
    new Float64Array(clip.length),
    clip.buffer,
  ]) {
    await refused(t, () => model.predict(bad, 1), ['FEP_USAGE'], shown(bad));
  }
  for (const bad of [new Float32Array(0), clip.slice(1), new Float32Array(clip.length + 1), detached]) {
    await refused(t, () => model.predict(bad, 1), ['FEP_SHAPE'], `${bad.length} numbers`);
  }
  await refused(t, () => model.predict(clip, 2), ['FEP_SHAPE'], 'two clips in one');
  for (const bad of [
    undefined,
    null,
    '1',
    {},
    0,
    -1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e12,
    1e18,
    2 ** 63,
  ]) {
    await refused(t, () => model.predict(clip, bad), ['FEP_USAGE', 'FEP_SHAPE'], `count ${bad}`);
  }
});

const BLUR = { perturbation: 'blur', blurLevels: 8, blurSigma: 20, fadeColour: [0, 0, 0] };

test('predictPerturbed refuses wrong clips, masks, counts and perturbations', async (t) => {
  const { model, clip } = await ready;
  const masks = new Float32Array(2 * 16 * 64 * 64).fill(1);
  const call = (c, m, count, perturbation) => () => model.predictPerturbed(c, m, count, perturbation);
  await refused(t, call(undefined, masks, 2, BLUR), ['FEP_USAGE'], 'no clip');
  await refused(t, call(clip.slice(1), masks, 2, BLUR), ['FEP_SHAPE'], 'short clip');
  await refused(t, call(clip, [...masks.slice(0, 4)], 2, BLUR), ['FEP_USAGE'], 'masks in an array');
  for (const count of [1, 3])
    await refused(t, call(clip, masks, count, BLUR), ['FEP_SHAPE'], `count ${count}`);
  for (const count of [undefined, 0, -1, 1.5, Number.NaN, 2 ** 63]) {
    await refused(t, call(clip, masks, count, BLUR), ['FEP_USAGE'], `count ${count}`);
  }
  for (const value of [-0.1, 1.1, Number.NaN, Number.POSITIVE_INFINITY]) {
    await refused(t, call(clip, masks.with(70_000, value), 2, BLUR), ['FEP_USAGE'], `a mask of ${value}`);
  }
  await eachField(
    t,
    BLUR,
    { perturbation: ['', 'noise'], blurLevels: [...NOT_WHOLE, 1], fadeColour: [[], [0, 0], ['a', 'b', 'c']] },
    (bad) => model.predictPerturbed(clip, masks, 2, bad),
    ['FEP_USAGE'],
  );
});

/** A method's options with values that are wrong for that method only. */
const METHODS = [
  [{ method: 'gradients' }, { method: ['', 'ep', 'gradcam'] }],
  [
    { method: 'integrated-gradients', integrationSteps: 3, baselineColour: [0, 0, 0] },
    { integrationSteps: NOT_WHOLE, baselineColour: [[], [0, 0], ['a', 'b', 'c']] },
  ],
  [
    { method: 'smoothgrad', samples: 2, noise: 0.1, seed: 0 },
    {
      method: ['', 'smoothgrad-median'],
      samples: NOT_WHOLE,
      noise: [-1, Number.POSITIVE_INFINITY],
      seed: [-1, 0.5, 2 ** 54],
    },
  ],
  [
    { method: 'grad-cam', layer: 'layers', camWeights: 'clip' },
    { layer: ['', 'x'], camWeights: ['', 'pixel'] },
  ],
  [
    { method: 'rise', samples: 2, cells: [2, 3, 3], seed: 0 },
    { samples: NOT_WHOLE, cells: [[], [2, 3], [0, 3, 3], [2, 3, 1.5], [2, 3, Number.NaN], [2, 3, 1e9]] },
  ],
  [
    { method: 'random', cells: [2, 3, 3], seed: 0 },
    { cells: [[2, 3, -3]], seed: [-1] },
  ],
];

test('attribute refuses wrong clips, targets and options of every method', async (t) => {
  const { model, clip } = await ready;
  const run = (c, target, options, callback) => () => model.attribute(c, target, options, callback);
  for (const [options, wrong] of METHODS) {
    t.notThrows(() => addon.describeAttributionOptions(options), `${options.method}, as it should be`);
    await eachField(t, options, wrong, (bad) => model.attribute(clip, 0, bad, undefined), ['FEP_USAGE']);
    await refused(t, run(clip.slice(1), 0, options), ['FEP_SHAPE'], 'short clip');
    for (const bad of [undefined, '0', -2, 8, 0.5, 1e30]) {
      await refused(t, run(clip, bad, options), ['FEP_USAGE'], `target ${bad}`);
    }
    await refused(t, run(clip, 0, options, 'call me'), ['FEP_USAGE'], 'callback');
  }
  for (const bad of [undefined, null, 5])
    await refused(t, run(clip, 0, bad), ['FEP_USAGE'], `options ${bad}`);
});

test('an attribution, its progress and a layer hold what binding.d.ts says', async (t) => {
  const { model, clip } = await ready;
  const seen = [];
  const options = { method: 'integrated-gradients', integrationSteps: 3, baselineColour: [0, 0, 0] };
  const result = await model.attribute(clip, -1, options, (progress) => seen.push(progress)).promise;
  t.deepEqual(Object.keys(result).sort(), Object.keys(declared('AttributionResult')).sort());
  t.deepEqual(Object.keys(result.facts).sort(), ['baselineScore', 'completenessGap', 'score']);
  t.deepEqual([result.map.length, result.original.length, result.target], [16 * 64 * 64, 8, 6]);
  t.deepEqual(seen.at(-1), { done: 3, of: 3 });
  t.deepEqual(Object.keys(seen.at(-1)).sort(), Object.keys(declared('AttributionProgress')).sort());
  const layers = await model.layers().promise;
  t.deepEqual(Object.keys(layers[0]).sort(), Object.keys(declared('Layer')).sort());
});

test('a cost holds what binding.d.ts says; wrong options are refused', async (t) => {
  const { model } = await ready;
  const cost = await model.cost(OPTIONS).promise;
  t.deepEqual(Object.keys(cost).sort(), Object.keys(declared('ModelCost')).sort());
  t.true(cost.multiplyAccumulates > 1e6 && cost.peakBytes > 8 * 4 * 3 * 16 * 64 * 64);
  for (const bad of [undefined, null, 5, 'x', {}])
    await refused(t, () => model.cost(bad), ['FEP_USAGE'], `options ${shown(bad)}`);
  const job = model.cost({ ...OPTIONS, iterations: 100_000 });
  job.cancel();
  await refused(t, () => job, ['FEP_ABORTED'], 'cancelled');
});

test('extremalPerturbation refuses wrong clips, targets and options', async (t) => {
  const { model, clip } = await ready;
  const explain = (c, target, options) => model.extremalPerturbation(c, [target], options, undefined);
  for (const bad of [undefined, null, 5, [], new Float64Array(clip.length)]) {
    await refused(t, () => explain(bad, 0, OPTIONS), ['FEP_USAGE'], shown(bad));
  }
  await refused(t, () => explain(clip.slice(1), 0, OPTIONS), ['FEP_SHAPE'], 'short clip');
  for (const bad of [undefined, null, '0', {}, -2, 8, 1e30, -1e30]) {
    await refused(t, () => explain(clip, bad, OPTIONS), ['FEP_USAGE'], `target ${shown(bad)}`);
  }
  for (const bad of [undefined, null, 0, '0', [], {}, new Int32Array(1)]) {
    const call = () => model.extremalPerturbation(clip, bad, OPTIONS, undefined);
    await refused(t, call, ['FEP_USAGE'], `targets ${shown(bad)}`);
  }
  const two = () => model.extremalPerturbation(clip, [0, 0], OPTIONS, undefined);
  await refused(t, two, ['FEP_SHAPE'], 'one clip for two targets');
  for (const bad of [undefined, null, 5, 'x', Number.NaN]) {
    await refused(t, () => explain(clip, 0, bad), ['FEP_USAGE'], `options ${shown(bad)}`);
  }
  for (const memory of [null, -1, 0.5, Number.NaN, 2 ** 54, '5']) {
    const call = () => explain(clip, 0, { ...OPTIONS, memory });
    await refused(t, call, ['FEP_USAGE'], `memory ${shown(memory)}`);
  }
  await eachField(
    t,
    OPTIONS,
    {
      areas: [[], ['0.1'], new Array(2)],
      variant: ['', 'keep'],
      framesBudget: [0, 1.1, -1],
      iterations: NOT_WHOLE,
      step: NOT_WHOLE,
      sigma: [Number.POSITIVE_INFINITY],
      areaOver: ['', 'clip'],
      schedule: ['', 'slow'],
      until: ['', 'soon'],
      arithmetic: ['', 'exact'],
      budget: ['', 'canvas'],
      reward: ['', 'probability'],
      coreAfter: [-1, 0.5],
      perturbation: ['', 'noise'],
      blurLevels: [...NOT_WHOLE, 1],
      fadeColour: [[], [0, 0], [0, 0, 0, 0], ['a', 'b', 'c']],
    },
    (options) => explain(clip, 0, options),
    ['FEP_USAGE'],
  );
  const temporal = { temporalLowRatio: 0.5, temporalHighRatio: 0.2 };
  const course = { course: 'coarse-to-fine', courseBegin: 0.2, courseEnd: 0.7 };
  const bands = { lowRatio: 0.5, highRatio: 0.2, ...temporal, ...course };
  const modulation = { settings: [bands], domain: 'parameters', part: 'energy' };
  await eachField(
    t,
    modulation,
    { settings: [[], [1], new Array(2)], domain: ['', 'frame'], part: ['', 'area'] },
    (bad) => explain(clip, 0, { ...OPTIONS, modulation: bad }),
    ['FEP_USAGE'],
  );
  await eachField(
    t,
    bands,
    {},
    (bad) => explain(clip, 0, { ...OPTIONS, modulation: { ...modulation, settings: [bands, bad] } }),
    ['FEP_USAGE'],
  );
});

test('fractions, NaN, symbols and a callback that is none are refused too', async (t) => {
  const { model, clip } = await ready;
  for (const bad of [0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    const call = () => model.extremalPerturbation(clip, [bad], OPTIONS, undefined);
    await refused(t, call, ['FEP_USAGE'], `target ${bad}`);
  }
  await refused(t, () => model.predict(clip, 1.5), ['FEP_USAGE'], 'count 1.5');
  // 2^48 clips of 2^16·3 numbers are a multiple of 2^64: the product must not wrap around.
  await refused(t, () => model.predict(clip, 1 + 2 ** 48), ['FEP_USAGE', 'FEP_SHAPE'], 'count 1 + 2^48');
  const symbol = { ...OPTIONS, sigma: Symbol('11') };
  await refused(t, () => model.extremalPerturbation(clip, [0], symbol, undefined), ['FEP_USAGE'], 'a symbol');
  await refused(
    t,
    () => model.extremalPerturbation(clip, [0], OPTIONS, 'call me'),
    ['FEP_USAGE'],
    'callback',
  );
});

test('a NativeModel is made by loadModel only', async (t) => {
  const { model, clip } = await ready;
  for (const args of [[], [{}], [null], [1, 2]]) {
    t.is(t.throws(() => new model.constructor(...args)).code, 'FEP_USAGE');
  }
  t.throws(() => model.predict.call({}, clip, 1), { instanceOf: TypeError }, 'a foreign this');
});

test('the model works after all that', async (t) => {
  const { model, clip } = await ready;
  const probabilities = await model.predict(clip, 1).promise;
  t.is(probabilities.indexOf(Math.max(...probabilities)), 6);
});

test("every field of a mask's configuration reaches the addon as it is", async (t) => {
  const { manifest } = await findModel(golden('tiny.pt'), TINY);
  const native = (options) => toMaskOptions([resolveConfig(options, manifest)], manifest);
  const given = [
    ...MASK_METHODS.map((method) => ({ method })),
    CHANGED,
    { schedule: 'fast' },
    {},
    { method: 'ep', perturbation: 'fade-mean' },
  ];
  for (const options of given) t.deepEqual(addon.describeMaskOptions(native(options)), native(options));

  // A new option without a value in CHANGED, or one that no field depends on, is found here.
  const { own } = DESCRIPTIONS.find(({ name }) => name === 'f-ep');
  const names = Object.keys(own).filter((name) => !['schedule', 'preset', 'keep'].includes(name));
  t.deepEqual(
    names.filter((name) => !(name in CHANGED)),
    [],
  );
  for (const name of names) {
    const { [name]: _, ...others } = CHANGED;
    if (name === 'course') for (const when of ['courseBegin', 'courseEnd']) delete others[when];
    t.notDeepEqual(
      addon.describeMaskOptions(native(CHANGED)),
      addon.describeMaskOptions(native(others)),
      name,
    );
  }
  const { sigma: _, ...incomplete } = native({});
  t.throws(() => addon.describeMaskOptions(incomplete), { code: 'FEP_USAGE', message: /sigma/ });
});

test("every field of a saliency method's configuration reaches the addon as it is", async (t) => {
  const { manifest } = await findModel(golden('tiny.pt'), TINY);
  const input = { ...manifest.input, mean: [0.5, 0.5, 0.5] };
  const model = { ...manifest, input, camLayer: 'layers.0' };
  for (const { name: method, own } of DESCRIPTIONS.filter(({ name }) => !MASK_METHODS.includes(name))) {
    const native = (options) => toAttributionOptions(resolveConfig({ method, ...options }, model), model);
    const described = (options) => addon.describeAttributionOptions(native(options));
    const changed = { seed: 3 };
    for (const name of Object.keys(own)) {
      changed[name] = CHANGED_SALIENCY[name];
      t.notDeepEqual(described({ [name]: changed[name] }), described({}), `${method}: ${name}`);
    }
    // `method` says which structure it is, and the run has a seed where the method has none.
    const { method: _, seed, ...fields } = native(changed);
    t.deepEqual({ seed, ...described(changed), method }, { seed, ...fields, method });
    t.is(described(changed).seed ?? seed, 3);
  }
  const smoothgrad = { method: 'smoothgrad', samples: 1, noise: 0, seed: 0 };
  for (const method of ['smoothgrad', 'smoothgrad-squared', 'smoothgrad-variance']) {
    t.is(addon.describeAttributionOptions({ ...smoothgrad, method }).method, method);
  }
});
