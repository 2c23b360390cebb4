// The method's figures: gradients that a run keeps, their spectrum, how far the loop departs from Eq. (5), and Fig. 3.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { resolveConfig, writeNpy } from 'fep-native';
import { measureFigures } from 'fep-native/bench';
import sharp from 'sharp';
import { findMasksAndGradients } from '../dist/explain/findMasks.js';
import { bandEdges, bandsOf, modulate } from '../dist/figures/bands.js';
import { dct3, idct3 } from '../dist/figures/dct.js';
import { measureDeparture, relativeDistance } from '../dist/figures/departure.js';
import { frameCorrelation } from '../dist/figures/frameCorrelation.js';
import { drawGradientSheet } from '../dist/figures/gradientSheet.js';
import { averageSpectrum } from '../dist/figures/spectrum.js';
import { totalVariation } from '../dist/figures/tradeoff.js';
import { fromFirstToLast, spreadOver } from '../dist/numbers/spread.js';
import { drawPanels } from '../dist/plot/chart.mjs';
import { linePanel } from '../dist/plot/panels.mjs';
import { divergingColormap } from '../dist/report/divergingColormap.js';
import { difference, golden, goldenClip, tiny } from './helpers/golden.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';
import { cli, cliHere } from './helpers/program.mjs';
import { reference } from './helpers/python.mjs';

const TARGET = 6;
const SHORT = { iterations: 6, step: 7, sigma: 11, target: TARGET };
const RATIOS = { lowRatio: 0.5, highRatio: 0.2 };

/** A run of the golden clip that keeps gradients of some iterations. */
async function setUp(t) {
  const model = await tiny(t);
  const clip = await goldenClip(model);
  const run = (options, iterations, domain = options.domain ?? 'parameters') => {
    const config = resolveConfig({ ...SHORT, ...options }, model.manifest);
    return findMasksAndGradients(model, clip, TARGET, config, {}, { iterations, domain });
  };
  return { model, clip, run };
}

/** What `test/reference/recorded_gradients.py` says of arrays T×H×W. */
async function ask(t, question, arrays, shape, ...numbers) {
  const folder = temporaryFolder(t);
  for (const [name, data] of Object.entries(arrays)) {
    await writeNpy(join(folder, `${name}.npy`), { data: Float32Array.from(data), shape: shape(name) });
  }
  return JSON.parse(await reference('recorded_gradients.py', question, folder, ...numbers));
}

const sum = (a, b) => a.map((value, i) => value + b[i]);
const largest = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

test.serial(
  'after is what the printed bands keep of before, on both domains and of both parts',
  async (t) => {
    const { run } = await setUp(t);
    for (const domain of ['parameters', 'mask']) {
      for (const part of ['energy', 'reward']) {
        const { gradients } = await run({ method: 'f-ep', domain, modulate: part, ...RATIOS }, [0, 5]);
        t.deepEqual(
          gradients.map(({ iteration }) => iteration),
          [0, 5],
        );
        const { reward, regularization, applied, shape } = gradients[1];
        t.deepEqual(shape, domain === 'mask' ? [1, 16, 64, 64] : [1, 16, 10, 10]);
        const before = part === 'energy' ? sum(reward, regularization) : reward;
        const after = part === 'energy' ? applied : applied.map((value, i) => value - regularization[i]);
        const found = await ask(t, 'modulate', { before, after }, () => shape.slice(1), 0.5, 0.2);
        t.true(found.error < 2e-5, `${domain} ${part}: ${found.error}`);
        t.true(found.removed > 0.01 * largest(before), `${domain} ${part}: something is removed`);
      }
    }
  },
);

test.serial('the two parts make up the gradient that 3D-EP applies, and the update takes it', async (t) => {
  const { run } = await setUp(t);
  const all = [0, 1, 2, 3, 4, 5];
  for (const options of [{ method: 'ep' }, { method: 'f-ep', ...RATIOS }]) {
    const { gradients } = await run(options, all);
    if (options.method === 'ep') {
      for (const { reward, regularization, applied } of gradients) {
        const { maximum } = difference(sum(reward, regularization), applied);
        t.true(maximum <= 1e-5 * largest(applied), `${maximum}`);
      }
    }
    t.true(
      gradients[0].mask.every((p) => p === 1),
      'everything is kept at the start',
    );
    let velocity = gradients[0].applied;
    for (const t0 of all.slice(0, -1)) {
      const { mask, applied } = gradients[t0];
      if (t0 > 0) velocity = velocity.map((v, i) => 0.9 * v + 0.1 * applied[i]);
      const next = mask.map((p, i) => Math.min(Math.max(p - 0.05 * velocity[i], 0), 1));
      t.true(difference(next, gradients[t0 + 1].mask).maximum < 1e-6, `${options.method} ${t0}`);
    }
  }
});

test.serial(
  'gradients on the pixels and on the parameters are one, through the mask generator',
  async (t) => {
    const { run } = await setUp(t);
    const [pixels] = (await run({ method: 'ep' }, [4], 'mask')).gradients;
    const [grid] = (await run({ method: 'ep' }, [4], 'parameters')).gradients;
    const shape = (name) => (name === 'pixels' ? pixels.shape : grid.shape).slice(1);
    const arrays = { pixels: pixels.reward, parameters: grid.reward, mask: grid.mask };
    const { error } = await ask(t, 'generator', arrays, shape, SHORT.step, SHORT.sigma);
    t.true(error < 1e-4, `${error}`);
  },
);

test.serial('keeping gradients changes nothing, and costs nothing when nobody asks', async (t) => {
  const { run } = await setUp(t);
  for (const options of [{ method: 'ep' }, { method: 'f-ep', domain: 'mask' }]) {
    const plain = await run(options, []);
    const kept = await run(options, [0, 2, 5], 'mask');
    t.deepEqual(plain.gradients, []);
    t.deepEqual(kept.explanation.masks[0].mask, plain.explanation.masks[0].mask);
    t.deepEqual(kept.gradients[2].mask, plain.explanation.masks[0].mask, 'M of the last iteration');
  }
});

test.serial('refuses iterations and domains that make no sense', async (t) => {
  const { run } = await setUp(t);
  const wrong = [[3, 2], [2, 2], [6], [-1], [0.5], ['1']];
  for (const iterations of wrong) {
    await t.throwsAsync(run({ method: 'ep' }, iterations), { code: 'FEP_USAGE' }, `${iterations}`);
  }
  await t.throwsAsync(run({ method: 'f-ep' }, [0], 'mask'), { code: 'FEP_USAGE', message: /domain/ });
  await t.throwsAsync(run({ method: 'ep' }, [0], 'pixels'), { code: 'FEP_USAGE' });
});

/** The same numbers in every run, in −1 to 1. */
const noise = (length) => Float64Array.from({ length }, (_, i) => Math.sin(12.9898 * (i + 1) + i * i));

test('dct3 inverts, keeps the sum of squares, and has the cosines of its definition', (t) => {
  const shape = [5, 4, 7];
  const values = noise(5 * 4 * 7);
  const spectrum = dct3(values, shape);
  const squares = (array) => array.reduce((total, value) => total + value ** 2, 0);
  t.true(difference(idct3(spectrum, shape), values).maximum < 1e-12);
  t.true(Math.abs(squares(spectrum) - squares(values)) < 1e-10);
  const wave = Float64Array.from({ length: 140 }, (_, i) => {
    const [k, y, x] = [Math.floor(i / 28), Math.floor(i / 7) % 4, i % 7];
    const along = (position, frequency, n) => Math.cos(((2 * position + 1) * frequency * Math.PI) / (2 * n));
    return along(k, 2, 5) * along(y, 1, 4) * along(x, 3, 7);
  });
  const found = dct3(wave, shape);
  const place = 2 * 28 + 1 * 7 + 3;
  t.true(Math.abs(found[place] - Math.sqrt((5 * 4 * 7) / 8)) < 1e-12);
  found[place] = 0;
  t.true(largest(found) < 1e-12, 'one cosine is one frequency');
});

test('bands, modulation and shares equal SciPy and the printed definitions', async (t) => {
  t.deepEqual(bandEdges(10, { lowRatio: 0, highRatio: 0.9 }), { low: 0, high: 1 }, 'rounding is forgiven');
  t.deepEqual(bandEdges(9, { lowRatio: 0.1, highRatio: 0 }), { low: 1, high: 9 }, 'the constant stays');
  const cases = [
    { shape: [16, 9, 9], lowRatio: 0.5, highRatio: 0.2 },
    { shape: [8, 11, 14], lowRatio: 0.3, highRatio: 0.3 },
    { shape: [6, 5, 7], lowRatio: 0.4, highRatio: 0 },
  ];
  for (const { shape, ...ratios } of cases) {
    const before = Float32Array.from(noise(shape[0] * shape[1] * shape[2]));
    const after = modulate(before, shape, ratios);
    const numbers = [ratios.lowRatio, ratios.highRatio];
    const { error } = await ask(t, 'modulate', { before, after }, () => shape, ...numbers);
    t.true(error < 1e-6, `${shape}: ${error}`);
    const expected = await ask(t, 'spectrum', { before }, () => shape, ...numbers);
    const unit = before.reduce((total, value) => total + value ** 2, 0);
    const { bands, temporal, spatial, joint } = averageSpectrum([before], [unit], shape, ratios);
    for (const band of ['low', 'high', 'removed']) {
      t.true(Math.abs(bands[band] - expected[band]) < 1e-9, `${shape} ${band}`);
    }
    for (const shares of [temporal, spatial, joint.flat()]) {
      t.true(Math.abs(shares.reduce((a, b) => a + b) - 1) < 1e-9);
    }
  }
});

test('a spectrum puts a frequency into its cell and averages with equal weights', (t) => {
  const shape = [4, 4, 8];
  const only = (k, i, j) => {
    const spectrum = new Float64Array(4 * 4 * 8);
    spectrum[k * 32 + i * 8 + j] = 3;
    return idct3(spectrum, shape);
  };
  const ratios = { lowRatio: 0.5, highRatio: 0.25 };
  // Rings are eighths: i = 3 of 4 begins ring 6; j = 1 of 8 is ring 1.
  const { joint, bands, spatial } = averageSpectrum([only(2, 3, 1), only(0, 0, 1)], [9, 9], shape, ratios);
  t.true(Math.abs(joint[2][6] - 0.5) < 1e-12);
  t.true(Math.abs(joint[0][1] - 0.5) < 1e-12);
  t.true(Math.abs(spatial[6] - 0.5) < 1e-12);
  t.true(Math.abs(bands.low - 0.5) < 1e-12 && Math.abs(bands.high - 0.5) < 1e-12);
  const counted = bandsOf(shape, ratios);
  t.is(counted.filter((band) => band === 'low').length, 2 * 2 * 4);
  t.is(counted.filter((band) => band === 'high').length, 4 * 4 * 8 - 3 * 3 * 6);
});

/** Records of the linear loop, or of the clamped one, on made-up gradients. */
function loop({ shape, gradients, config, filter, clamp }) {
  const records = new Map();
  let mask = new Float64Array(gradients[0].length).fill(1);
  let velocity;
  for (const [iteration, gradient] of gradients.entries()) {
    const applied = filter ? modulate(gradient, shape, RATIOS) : gradient;
    const zero = new Float64Array(gradient.length);
    records.set(iteration, {
      iteration,
      shape: [1, ...shape],
      mask,
      reward: gradient,
      regularization: zero,
      applied,
    });
    velocity = velocity ? velocity.map((v, i) => 0.9 * v + 0.1 * applied[i]) : applied;
    mask = mask.map((p, i) => p - config.learningRate * velocity[i]);
    if (clamp) mask = mask.map((p) => Math.min(Math.max(p, 0), 1));
  }
  return { config, gradients: records };
}

test('the linear loop does not depart from Eq. (5), with momentum either; the clamp makes it', (t) => {
  const shape = [6, 7, 7];
  const gradients = Array.from({ length: 12 }, (_, k) => noise(6 * 7 * 7).map((v) => v * Math.cos(k) + 0.2));
  const modulation = { ...RATIOS, domain: 'parameters', part: 'energy' };
  const config = { learningRate: 0.05, momentum: 0.9, dampening: 0.9, modulation };
  const walk = [0, 1, 5, 11];
  const made = (filter, clamp) => loop({ shape, gradients, config, filter, clamp });
  const linear = measureDeparture(made(false, false), made(true, false), walk);
  t.deepEqual(linear.iterations, [1, 5, 11]);
  t.true(largest(linear.betweenRuns) < 1e-12 && largest(linear.clamping.distance) < 1e-12);
  t.true(linear.momentum < 1e-12);
  const real = measureDeparture(made(false, true), made(true, true), walk);
  t.true(real.betweenRuns[2] > 0.01 && real.clamping.distance.at(-1) > 0.01, 'values above 1 are clamped');
  t.true(real.momentum < 1e-12, 'momentum alone bends nothing');
  t.is(relativeDistance([0, 3], [4, 0], [0, 0]), 5 / 4);
});

test('correlation of frames, total variation and spread, by hand', (t) => {
  t.true(Math.abs(frameCorrelation([1, 2, 3, 2, 4, 6, 3, 2, 1], 3)) < 1e-12, '1 and then −1');
  t.is(frameCorrelation([1, 1, 1, 1], 2), null, 'what does not vary has none');
  t.true(Math.abs(frameCorrelation([0, 1, 5, 5, 0, 1, 0, 2], 4) - 1) < 1e-12, 'only the last pair varies');
  // 2×2×2: a step of 1 along t everywhere, of 0.5 along x in the first frame.
  t.is(totalVariation(Float32Array.of(0, 0.5, 0, 0.5, 1, 1, 1, 1), [2, 2, 2]), 0.75 + 0 + 0.25);
  t.is(totalVariation(new Float32Array(8).fill(0.3), [2, 2, 2]), 0);
  t.deepEqual(spreadOver(100, 4), [12, 37, 62, 87]);
  t.deepEqual(spreadOver(2, 10), [0, 1]);
  t.deepEqual(fromFirstToLast(10, 4), [0, 3, 6, 9]);
  t.deepEqual(fromFirstToLast(3, 9), [0, 1, 2]);
});

/** CIE L* of an sRGB colour. */
function lightness(rgb) {
  const linear = [...rgb].map((c) =>
    c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
  );
  const y = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  return y > 0.008856 ? 116 * Math.cbrt(y) - 16 : 903.3 * y;
}

test('the diverging colours darken evenly to both sides, blue below and red above', (t) => {
  const colours = divergingColormap();
  const at = (i) => colours.subarray(3 * i, 3 * i + 3);
  for (let i = 0; i < 127; i++) {
    t.true(lightness(at(i)) <= lightness(at(i + 1)) + 0.5, `below, ${i}`);
    t.true(lightness(at(255 - i)) <= lightness(at(254 - i)) + 0.5, `above, ${i}`);
    t.true(Math.abs(lightness(at(i)) - lightness(at(255 - i))) < 9, `both weigh the same, ${i}`);
  }
  const [blue, white, red] = [at(40), at(127), at(215)];
  t.true(blue[2] > blue[0] + 60 && red[0] > red[2] + 60);
  t.true(Math.min(...white) > 235 && Math.max(...white) - Math.min(...white) < 6);
});

test('a gradient sheet shows values where they are, in one scale, and boxes over them', async (t) => {
  const [frames, height, width, step] = [3, 56, 56, 14];
  const values = new Float32Array(frames * 16);
  values[16 + 1 * 4 + 2] = 2; // frame 1, row 1, column 2: pixel (14, 28)
  values[32] = -1;
  const clip = { frames, height, width, rgb: new Uint8Array(frames * height * width * 3).fill(128) };
  const inside = new Uint8Array(frames * height * width);
  for (let y = 30; y < 50; y++) inside.fill(1, (height + y) * width + 30, (height + y) * width + 50);
  const boxes = { inside, annotated: [false, true, false] };
  const map = { method: 'M', stage: 'made up', values, frameCorrelation: -0.5, rootMeanSquare: 1 };
  const gradients = { iteration: 0, shape: [frames, 4, 4], maps: [map] };
  const sheet = await drawGradientSheet({
    gradients,
    frames: [1, 2],
    step,
    title: 'Made up',
    subtitle: 'by hand',
    clip: { ...clip, boxes },
  });
  // The second row of cells of 168 pixels, three to a pixel of the clip, from (28, 28 + 66 + 174).
  const pixel = (t0, y, x) => {
    const at = ((268 + 3 * y + 1) * sheet.width + 28 + 174 * t0 + 3 * x + 1) * 3;
    return [...sheet.data.subarray(at, at + 3)];
  };
  const colours = divergingColormap();
  t.true(
    difference(pixel(0, 14, 28), [...colours.subarray(765, 768)]).maximum < 25,
    'the largest is the reddest',
  );
  const [red, , blueOfRed] = pixel(0, 14, 22);
  t.true(red > blueOfRed + 40, 'and between points it fades');
  t.true(difference(pixel(0, 5, 5), [...colours.subarray(3 * 127, 3 * 128)]).maximum < 4, 'nothing is white');
  const half = pixel(1, 0, 0);
  t.true(half[2] > half[0] + 60, 'the negative half of the scale is blue');
  t.deepEqual(pixel(0, 30, 40), [255, 176, 0], 'the outline of the box');
  t.notDeepEqual(pixel(1, 30, 40), [255, 176, 0], 'only where there is one');
});

test('panels lie where they are put, and the same numbers give the same bytes', (t) => {
  const options = linePanel({
    title: 'A & B',
    subtitle: '',
    width: 300,
    height: 200,
    x: { label: 'x', domain: [0, 1] },
    y: { label: 'y' },
    lines: [
      {
        name: 'one',
        points: [
          { x: 0, y: 1 },
          { x: 1, y: Number.NaN },
        ],
      },
    ],
    bands: [{ name: 'A', from: 0, to: 0.5 }],
  });
  const draw = () =>
    drawPanels({ width: 620, height: 200 }, [
      { left: 0, top: 0, options },
      { left: 320, top: 0, options },
    ]);
  t.is(draw(), draw());
  t.regex(draw(), /^<svg [^>]*viewBox="0 0 652 232"/);
  t.true(draw().includes('translate(336,16)') && draw().includes('A &amp; B') && !draw().includes('NaN'));
});

test.serial('measureFigures: one call, numbers of all figures, progress over all runs', async (t) => {
  const model = await tiny(t);
  const clip = await goldenClip(model);
  const seen = [];
  const inside = new Uint8Array(16 * 64 * 64).fill(1);
  const boxes = { inside, annotated: new Array(16).fill(true) };
  const figures = await measureFigures(model, clip, boxes, {
    iterations: 4,
    step: 16,
    sigma: 23,
    target: TARGET,
    at: 1,
    shown: 2,
    from: 3,
    averaged: 2,
    lowRatio: 0.5,
    highRatio: 0.5,
    lowRatios: [0.9, 0.2, 0.5, 0.2],
    onProgress: ({ iteration, iterations }) => seen.push([iteration, iterations]),
  });
  t.deepEqual(seen.at(-1), [15, 16]);
  t.deepEqual(figures.frames, [3, 4]);
  t.is(figures.gradients.iteration, 1);
  const names = figures.tradeoff.points.map(({ name }) => name);
  t.deepEqual(names, ['3D-EP', 'F-EP 0.2/0.5', 'F-EP 0.5/0.5', 'F-EP 0.9/0.1']);
  const [ep, , same] = figures.tradeoff.points;
  t.true(difference(ep.mask, same.mask).maximum < 1e-3, 'all frequencies are 3D-EP');
  t.true(largest(figures.departure.betweenRuns) < 1e-3 && figures.departure.momentum < 1e-5);
  t.true(Math.abs(ep.consistency.recall - 0.1) < 1e-6, 'boxes are everywhere: a tenth of them is kept');
  t.is(figures.tradeoff.interpretability, 'recall');
  const part = await measureFigures(model, clip, null, {
    iterations: 2,
    step: 16,
    sigma: 23,
    only: ['tradeoff'],
    lowRatios: [],
  });
  t.deepEqual(Object.keys(part).sort(), ['config', 'frames', 'tradeoff']);
  t.is(part.tradeoff.interpretability, 'frame-correlation');
  for (const [wrong, message] of [
    [{ iterations: 5, at: 5 }, /Iteration 5/],
    [{ from: 12 }, /Frames 12 to 16/],
    [{ only: ['fig2'] }, /only/],
    [{ lowRatio: 0.8, highRatio: 0.5 }, /ratios/],
    [{ area: [0.1, 0.2] }, /one area/],
    [{ layer: 'stage1' }, /layer/],
  ]) {
    await t.throwsAsync(measureFigures(model, clip, null, wrong), { code: 'FEP_USAGE', message });
  }
});

const BARE = ['--model', golden('tiny.pt'), '--layout', 'NCTHW', '--frames', '16', '--size', '64'];
const TINY = [...BARE, '--mean', '0.5', '--std', '0.25', '--activation', 'logits'];

test.serial('figures of a clip and of a sample: every file, whole, and one JSON object', async (t) => {
  const folder = temporaryFolder(t);
  const coarse = [...TINY, '--iterations', '3', '--step', '16', '--sigma', '23', '--low-ratios', '0.3'];
  for (const subject of [
    [golden('clip.npy')],
    ['--data', 'synthetic', '--sample', 'synthetic-2-3', '--domain', 'mask', '--modulate', 'reward'],
  ]) {
    const out = join(folder, subject[0] === '--data' ? 'sample' : 'clip');
    const { status, stdout, stderr } = cli([
      'figures',
      ...subject,
      ...coarse,
      '--json',
      '--quiet',
      '--out',
      out,
    ]);
    t.is(status, 0, stderr);
    t.is(stderr, '');
    const result = JSON.parse(stdout);
    const charts = ['departure', 'spectrum', 'tradeoff'].flatMap((name) =>
      ['json', 'png', 'svg'].map((kind) => `${name}.${kind}`),
    );
    const expected = [...charts, 'gradients.json', 'gradients.png', 'tradeoff-masks.png'].sort();
    t.deepEqual(readdirSync(out).sort(), expected);
    t.deepEqual(
      [...result.files].sort(),
      expected.map((name) => join(out, name)),
    );
    for (const name of expected.filter((file) => file.endsWith('.png'))) {
      const { width, height } = await sharp(join(out, name)).metadata();
      t.true(width > 600 && height > 300, name);
    }
    const numbers = (name) => JSON.parse(readFileSync(join(out, `${name}.json`), 'utf8'));
    t.like(numbers('tradeoff'), {
      schemaVersion: 1,
      figure: 'tradeoff',
      interpretability: subject[0] === '--data' ? 'recall' : 'frame-correlation',
    });
    t.is(numbers('tradeoff').points.length, 3);
    const { bands } = numbers('spectrum').spectra[2].spectrum;
    t.true(bands.removed < 1e-9, 'modulation removes what is in neither band');
    t.is(numbers('departure').clamping === null, subject[0] === '--data');
    t.is(numbers('gradients').maps.length, 3);
    t.is(numbers('gradients').config.modulation.part, subject[0] === '--data' ? 'reward' : 'energy');
  }
});

test.serial('figures: wrong usage ends with 2 before anything is written', async (t) => {
  const out = join(temporaryFolder(t), 'out');
  for (const [args, message] of [
    [[], /either a clip or a sample/],
    [[golden('clip.npy'), '--data', 'synthetic'], /either a clip or a sample/],
    [['--data', 'synthetic', '--sample', 'nobody'], /no sample nobody.*synthetic-2-0/s],
    [[golden('clip.npy'), '--iterations', '5', '--at', '7'], /Iteration 7/],
    [[golden('clip.npy'), '--only', 'gradients,fig3'], /only/],
  ]) {
    const { status, stderr } = await cliHere(['figures', ...args, ...TINY, '--out', out]);
    t.is(status, 2, stderr);
    t.regex(stderr, message);
  }
  t.false(existsSync(out));
});
