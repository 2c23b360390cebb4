// Saliency methods and controls, against golden values and against their formulas in plain PyTorch and NumPy.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import {
  explain,
  isMaskMethod,
  loadModel,
  MASK_METHODS,
  METHOD_LABELS,
  METHODS,
  readClip,
  readNpy,
  resolveConfig,
  SALIENCY_METHODS,
  saveExplanation,
} from 'fep-native';
import { difference, golden, goldenArray, goldenClip, mean, tiny } from './helpers/golden.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';
import { exported } from './helpers/python.mjs';
import { settled } from './helpers/runs.mjs';

const TARGET = 6;
const VOXELS = 16 * 64 * 64;
/** Black is −2.5, −1.6 and −1 in the normalised space of this input: the baseline of test/reference. */
const NORMALISED = { mean: [0.5, 0.4, 0.3], std: [0.2, 0.25, 0.3] };
const SAMPLE = fileURLToPath(new URL('../models/sample.mp4', import.meta.url));

async function setUp(t, load = {}) {
  const input = { layout: 'NCTHW', frames: 16, height: 64, width: 64, ...NORMALISED };
  const model = await tiny(t, { input, ...load });
  const clip = await goldenClip(model);
  const run = async (options) => (await explain(model, clip, { target: TARGET, ...options })).masks[0];
  return { model, clip, run };
}

/**
 * Asserts that two maps agree in the mean, relative to the expected mean. Single voxels may be off by more: where a unit
 * is at its kink, rounding, which depends on the size of the batch, decides on its side.
 */
function agree(t, found, expected, tolerance, name) {
  const most = expected.reduce((a, b) => Math.max(a, b), 0);
  const off = difference(found, expected);
  t.true(most > 0 && off.mean <= tolerance * mean(expected), `${name}: off by ${off.mean / mean(expected)}`);
  t.true(off.maximum <= 5e-3 * most, `${name}: a voxel is off by ${off.maximum / most} of the largest value`);
}

test.serial('gradients are those of the golden values', async (t) => {
  const { run } = await setUp(t);
  const slope = await goldenArray('logit_gradient.npy');
  const expected = Float32Array.from(
    { length: VOXELS },
    (_, i) => (Math.abs(slope[i]) + Math.abs(slope[VOXELS + i]) + Math.abs(slope[2 * VOXELS + i])) / 3,
  );
  agree(t, (await run({ method: 'gradients' })).attribution, expected, 1e-4, 'gradients');
});

/** ReLU(Σ_c w_c·A_c) of features C×T×H×W, w_c the mean gradient over each frame or over the clip. */
function camOf({ data, shape }, gradient, perFrame) {
  const [channels, frames, height, width] = shape.slice(-4);
  const area = height * width;
  const map = new Float32Array(frames * area);
  for (let c = 0; c < channels; c++) {
    for (let t = 0; t < frames; t++) {
      const first = (c * frames + t) * area;
      const shared = perFrame
        ? gradient.subarray(first, first + area)
        : gradient.subarray(c * frames * area, (c + 1) * frames * area);
      const weight = mean(shared);
      for (let i = 0; i < area; i++) map[t * area + i] += weight * data[first + i];
    }
  }
  return { data: map.map((value) => Math.max(value, 0)), shape: [frames, height, width] };
}

/** Linear interpolation at the centre of pixel i of `larger`, for an axis of `length` pixels. */
function between(i, length, larger) {
  const place = Math.min(Math.max(((i + 0.5) * length) / larger - 0.5, 0), length - 1);
  const below = Math.floor(place);
  return { below, above: Math.min(below + 1, length - 1), weight: place - below };
}

function enlarge({ data, shape: [frames, height, width] }, [T, H, W]) {
  const at = (t, y, x) => data[(t * height + y) * width + x];
  const mix = (a, b, weight) => a + (b - a) * weight;
  return Float32Array.from({ length: T * H * W }, (_, i) => {
    const [t, y, x] = [
      between(Math.floor(i / (H * W)), frames, T),
      between(Math.floor(i / W) % H, height, H),
      between(i % W, width, W),
    ];
    const row = (tt, yy) => mix(at(tt, yy, x.below), at(tt, yy, x.above), x.weight);
    const frame = (tt) => mix(row(tt, y.below), row(tt, y.above), y.weight);
    return mix(frame(t.below), frame(t.above), t.weight);
  });
}

test.serial('Grad-CAM is that of the golden features and their gradient', async (t) => {
  const { run } = await setUp(t);
  const features = await readNpy(golden('features.npy'));
  const gradient = await goldenArray('feature_gradient.npy');
  for (const camWeights of ['frame', 'clip']) {
    const cam = camOf(features, gradient, camWeights === 'frame');
    const { attribution, details } = await run({ method: 'grad-cam', camWeights });
    t.deepEqual(details, { layer: 'features' });
    agree(t, attribution, enlarge(cam, [16, 64, 64]), 1e-4, camWeights);
  }
});

test.serial('Grad-CAM with weights per frame is the published one', async (t) => {
  const { run } = await setUp(t);
  const published = await readNpy(golden('gradcam_per_frame.npy'));
  const [repeated, height, width] = published.shape;
  const { shape } = await readNpy(golden('features.npy'));
  const frames = shape.at(-3);
  // The published map repeats its frames to T; one of each is what it has found.
  const area = height * width;
  const data = Float32Array.from({ length: frames * area }, (_, i) => {
    const frame = Math.floor(i / area) * (repeated / frames);
    return published.data[frame * area + (i % area)];
  });
  const { attribution } = await run({ method: 'grad-cam', camWeights: 'frame' });
  // It is scaled to [0, 1] at its own resolution, from a smallest value of 0.
  const expected = enlarge({ data, shape: [frames, height, width] }, [16, 64, 64]);
  const scale = attribution.reduce((s, v) => s + v, 0) / expected.reduce((s, v) => s + v, 0);
  agree(
    t,
    attribution.map((value) => value / scale),
    expected,
    1e-3,
    'per frame',
  );
});

test.serial('every method is what its formula gives in plain PyTorch', async (t) => {
  const { run } = await setUp(t);
  const given = [golden('tiny.pt'), golden('clip.npy'), TARGET];
  const folder = await exported((into) => ['attributions.py', ...given, into]);
  const expected = async (name) => (await readNpy(join(folder, `${name}.npy`))).data;
  const noisy = { samples: 6, noise: 0.2, seed: 5 };
  const cases = {
    gradients: { tolerance: 2e-4 },
    'input-x-gradient': { tolerance: 2e-4 },
    'integrated-gradients': { options: { integrationSteps: 10 }, tolerance: 2e-4 },
    smoothgrad: { options: noisy, tolerance: 2e-4 },
    'smoothgrad-squared': { options: noisy, tolerance: 2e-4 },
    'smoothgrad-variance': { options: noisy, tolerance: 2e-4 },
    rise: { options: { samples: 11, cells: [3, 5, 4], seed: 5 }, tolerance: 2e-4 },
    random: { options: { seed: 5 }, tolerance: 1e-3 }, // neighbouring ranks may change places
  };
  for (const [method, { options, tolerance }] of Object.entries(cases)) {
    const { attribution } = await run({ method, ...options });
    agree(t, attribution, await expected(method), tolerance, method);
  }
  for (const method of ['grad-cam', 'grad-cam-plus-plus']) {
    for (const camWeights of ['clip', 'frame']) {
      const { attribution } = await run({ method, camWeights });
      agree(t, attribution, await expected(`${method}-${camWeights}`), 1e-3, `${method} ${camWeights}`);
    }
  }
  const { details } = await run({ method: 'integrated-gradients' });
  const [score, baseline] = JSON.parse(readFileSync(join(folder, 'scores.json'), 'utf8'));
  t.true(Math.abs(details.score - score) < 1e-4 && Math.abs(details.baselineScore - baseline) < 1e-4);
});

for (const name of ['r2plus1d-mini', 'tsm-mini']) {
  test.serial(`integrated gradients add up to the score on ${name}`, async (t) => {
    const model = await loadModel(name);
    t.teardown(() => model.dispose());
    const clip = await readClip(SAMPLE, model.manifest.input);
    const { masks } = await explain(model, clip, { method: 'integrated-gradients', integrationSteps: 100 });
    const { completenessGap, score, baselineScore } = masks[0].details;
    const share = completenessGap / Math.abs(score - baselineScore);
    t.true(score - baselineScore > 1, 'there is something to add up');
    t.true(share < 0.01, `${share} of the difference is missing`);
    const black = clip.data.map((_, i) => {
      const channel = Math.floor(i / (clip.data.length / 3));
      return -model.manifest.input.mean[channel] / model.manifest.input.std[channel];
    });
    // Scores are logits: their softmax is what the model predicts.
    const { target } = await explain(model, clip, { method: 'center' });
    const [onClip, onBlack] = [await model.predict(clip), await model.predict({ ...clip, data: black })];
    const other = (
      await explain(model, clip, { method: 'integrated-gradients', integrationSteps: 1, target: 0 })
    ).masks[0].details;
    const logOdds = (p) => Math.log(p[target.index] / p[0]);
    t.true(Math.abs(score - other.score - logOdds(onClip)) < 1e-3);
    t.true(Math.abs(baselineScore - other.baselineScore - logOdds(onBlack)) < 1e-3);
  });
}

test.serial('of a model that ends in softmax the log-probability is differentiated', async (t) => {
  const folder = await exported((into) => ['softmax_model.py', golden('tiny.pt'), join(into, 'softmax.pt')]);
  const path = join(folder, 'softmax.pt');
  const plain = await setUp(t);
  const model = await loadModel(path, { input: plain.model.manifest.input, activation: 'softmax' });
  t.teardown(() => model.dispose());
  const { masks } = await explain(model, plain.clip, { method: 'integrated-gradients', target: TARGET });
  const p = await plain.model.predict(plain.clip);
  t.true(Math.abs(masks[0].details.score - Math.log(p[TARGET])) < 1e-5);
});

test.serial(
  'a map is scaled from its smallest value to its 99.9th percentile, and tried out as a mask',
  async (t) => {
    const { model, clip, run } = await setUp(t);
    for (const perturbation of ['blur', 'fade-black']) {
      const { mask, attribution, realisedArea, realisedAreaAtHalf, probability, area, energy } = await run({
        method: 'smoothgrad',
        samples: 4,
        perturbation,
      });
      const sorted = attribution.toSorted();
      const place = 0.999 * (VOXELS - 1);
      const below = Math.floor(place);
      const percentile = sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]);
      const scaled = attribution.map((v) => Math.min((v - sorted[0]) / (percentile - sorted[0]), 1));
      t.true(difference(mask, scaled).maximum < 1e-5);
      t.is(area, null);
      t.deepEqual(energy, []);
      t.true(Math.abs(realisedArea - mean(mask)) < 1e-6);
      t.is(realisedAreaAtHalf, mask.filter((m) => m >= 0.5).length / VOXELS);
      const clipped = mask.filter((m) => m === 1).length;
      t.true(clipped >= 0.001 * VOXELS - 1 && clipped < 0.0011 * VOXELS, `${clipped} voxels are clipped`);
      const found = await model.predictPerturbed(clip, mask, { perturbation });
      t.true(Math.abs(found[TARGET] - probability.explained) < 1e-6);
      t.true(Math.abs((await model.predict(clip))[TARGET] - probability.original) < 1e-6);
    }
  },
);

test.serial('controls know nothing of the model', async (t) => {
  const { run } = await setUp(t);
  const random = await run({ method: 'random' });
  // Ranks: any threshold keeps the share of voxels that it names.
  for (const threshold of [0.1, 0.5, 0.9]) {
    const kept = random.attribution.filter((v) => v >= threshold).length / VOXELS;
    t.true(Math.abs(kept - (1 - threshold)) < 1e-3, `${kept} above ${threshold}`);
  }
  t.deepEqual((await run({ method: 'random', target: 0 })).attribution, random.attribution);
  t.notDeepEqual((await run({ method: 'random', seed: 1 })).attribution, random.attribution);
  const { attribution } = await run({ method: 'center' });
  const at = (frame, y, x) => attribution[(frame * 64 + y) * 64 + x];
  const bell = (i) => Math.exp(-0.5 * ((i - 31.5) / 16) ** 2);
  for (const [frame, y, x] of [
    [0, 0, 0],
    [3, 31, 32],
    [15, 10, 50],
  ]) {
    t.true(Math.abs(at(frame, y, x) - bell(y) * bell(x)) < 1e-6);
  }
});

test.serial('the same seed gives the same bits, another does not', async (t) => {
  const { run } = await setUp(t, { threads: 2 });
  const short = {
    rise: { samples: 20 },
    smoothgrad: { samples: 5 },
    'integrated-gradients': { integrationSteps: 5 },
  };
  for (const method of SALIENCY_METHODS.filter((name) => !/attention/.test(name))) {
    const options = { method, ...short[method], ...(/smoothgrad-/.test(method) && short.smoothgrad) };
    const [a, b] = [await run(options), await run(options)];
    t.deepEqual(a.attribution, b.attribution, method);
    t.deepEqual(a.mask, b.mask, method);
    const drawn = /smoothgrad|rise|random/.test(method);
    const other = await run({ ...options, seed: 1 });
    t.is(difference(a.attribution, other.attribution).maximum > 0, drawn, method);
  }
});

test.serial('SmoothGrad without noise is the gradient, and VarGrad then is 0', async (t) => {
  const { run } = await setUp(t);
  const { attribution } = await run({ method: 'gradients' });
  const quiet = await run({ method: 'smoothgrad', noise: 0, samples: 3 });
  agree(t, quiet.attribution, attribution, 2e-4, 'smoothgrad');
  const { attribution: variance } = await run({ method: 'smoothgrad-variance', noise: 0, samples: 4 });
  const { attribution: squared } = await run({ method: 'smoothgrad-squared', noise: 0, samples: 4 });
  t.true(mean(variance) < 1e-5 * mean(squared));
});

test.serial('progress counts samples and steps; a signal stops between them', async (t) => {
  const { model, clip } = await setUp(t);
  const long = {
    smoothgrad: { samples: 100_000 },
    'integrated-gradients': { integrationSteps: 100_000 },
    rise: { samples: 100_000 },
  };
  for (const [method, options] of Object.entries(long)) {
    const stop = new AbortController();
    const seen = [];
    const onProgress = (progress) => {
      seen.push(progress);
      stop.abort();
    };
    const run = explain(model, clip, { method, ...options, onProgress, signal: stop.signal });
    const { error } = await settled(run);
    t.is(error?.code, 'FEP_ABORTED', method);
    t.like(seen[0], { iterations: 100_000 });
    t.true(seen[0].iteration >= 0 && seen[0].iteration < 100_000);
  }
  const seen = [];
  await explain(model, clip, { method: 'smoothgrad', samples: 6, onProgress: (p) => seen.push(p) });
  t.deepEqual(seen.at(-1), { iteration: 5, iterations: 6 });
  const boom = new Error('no more');
  const thrown = await t.throwsAsync(
    explain(model, clip, {
      method: 'rise',
      samples: 100_000,
      onProgress: () => {
        throw boom;
      },
    }),
  );
  t.is(thrown, boom);
});

test('every method has a name for people and belongs to one kind', (t) => {
  t.deepEqual(Object.keys(METHOD_LABELS).sort(), [...METHODS].sort());
  t.deepEqual([...METHODS], [...MASK_METHODS, ...SALIENCY_METHODS]);
  for (const method of METHODS) t.is(isMaskMethod(method), MASK_METHODS.includes(method));
});

const MANIFEST = {
  schemaVersion: 1,
  name: 'made up',
  architecture: 'R(2+1)D',
  methods: [],
  input: { layout: 'NCTHW', frames: 16, height: 112, width: 112, ...NORMALISED },
  output: { classes: [], activation: 'logits' },
};

test('defaults are the published ones', (t) => {
  const config = (method) => resolveConfig({ method }, MANIFEST);
  t.like(config('integrated-gradients'), { integrationSteps: 25, baseline: 'black', seed: 0, target: null });
  for (const method of ['smoothgrad', 'smoothgrad-squared', 'smoothgrad-variance']) {
    t.like(config(method), { samples: 25, noise: 0.15 });
  }
  t.like(config('rise'), { samples: 500, cells: [4, 7, 7] });
  t.like(config('grad-cam'), { layer: null, camWeights: 'clip', perturbation: 'blur' });
  t.is(resolveConfig({ method: 'grad-cam' }, { ...MANIFEST, camLayer: 'blocks' }).layer, 'blocks');
  t.false('samples' in config('gradients'));
});

test("another method's options are refused by name", (t) => {
  const alien = [
    [{ method: 'grad-cam', area: 0.1 }, 'area'],
    [{ method: 'rise', iterations: 5 }, 'iterations'],
    [{ method: 'gradients', step: 7 }, 'step'],
    [{ method: 'gradients', samples: 7 }, 'samples'],
    [{ method: 'rise', noise: 0.1 }, 'noise'],
    [{ method: 'smoothgrad', cells: [1, 1, 1] }, 'cells'],
    [{ method: 'integrated-gradients', layer: 'stem' }, 'layer'],
    [{ method: 'center', camWeights: 'frame' }, 'camWeights'],
    [{ method: 'smoothgrad', integrationSteps: 5 }, 'integrationSteps'],
    [{ method: 'f-ep', samples: 5 }, 'samples'],
    [{ samples: 5 }, 'samples'],
    [{ method: 'random', lowRatio: 0.5 }, 'lowRatio'],
  ];
  for (const [options, name] of alien) {
    const error = t.throws(() => resolveConfig(options, MANIFEST), { name: 'FepError' });
    t.is(error.code, 'FEP_USAGE');
    t.true(error.message.startsWith(`${name} belongs to`), error.message);
    t.truthy(error.hint);
  }
  const bad = { samples: 0, noise: -1, cells: [4, 7], integrationSteps: 1.5, layer: '', camWeights: 'pixel' };
  for (const [name, value] of Object.entries(bad)) {
    t.true(t.throws(() => resolveConfig({ [name]: value }, MANIFEST)).message.includes(name), name);
  }
});

test.serial('a saliency map is saved as a mask is, with its details', async (t) => {
  const { model, clip } = await setUp(t);
  const folder = temporaryFolder(t);
  const explanation = await explain(model, clip, { method: 'grad-cam', layer: 'layers.2' });
  const [saved] = await saveExplanation(folder, model, clip, explanation);
  t.is(saved.area, null);
  t.is(saved.folder, folder);
  t.deepEqual((await readNpy(saved.mask)).data, explanation.masks[0].mask);
  const result = JSON.parse(readFileSync(saved.result, 'utf8'));
  t.like(result, { method: 'grad-cam', area: null, energy: [], details: { layer: 'layers.2' } });
  t.is(result.config.layer, 'layers.2');
  t.is(result.realisedArea, explanation.masks[0].realisedArea);
  t.regex(readFileSync(saved.report, 'utf8'), /Grad-CAM/);
});

test.serial("EP and STEP run at F-EP's step and sigma", async (t) => {
  const { model, clip } = await setUp(t);
  const short = { step: 13, sigma: 23, iterations: 3, target: TARGET };
  const { config } = await explain(model, clip, { method: 'f-ep', iterations: 1 });
  t.like(config, { step: 13, sigma: 23 });
  const same = await explain(model, clip, { method: 'f-ep', lowRatio: 0.5, highRatio: 0.5, ...short });
  for (const method of ['ep', 'step']) {
    const { masks, config: used } = await explain(model, clip, { method, ...short });
    t.like(used, { step: 13, sigma: 23, modulation: null });
    // With r_l + r_h = 1 F-EP is EP; STEP weighs its reward differently.
    const { maximum } = difference(masks[0].mask, same.masks[0].mask);
    t.is(maximum < 1e-3, method === 'ep', `${method}: ${maximum}`);
  }
});
