// Φ(M ⊗ X) for many masks: what explain() itself finds, the ends of the scale, order, and stopping.
import test from 'ava';
import { explain } from 'fep-native';
import { denormalize, pictureOptions } from '../dist/clip/normalize.js';
import { nativePerturbation } from '../dist/methods/perturbation.js';
import { difference, goldenArray, goldenClip, tiny } from './helpers/golden.mjs';
import { settled } from './helpers/runs.mjs';

const VOXELS = 16 * 64 * 64;
const CLASSES = 8;

async function setUp(t) {
  const input = {
    layout: 'NCTHW',
    frames: 16,
    height: 64,
    width: 64,
    mean: [0.5, 0.4, 0.3],
    std: [0.2, 0.25, 0.3],
  };
  const model = await tiny(t, { input });
  return { model, clip: await goldenClip(model), box: await goldenArray('box.npy') };
}

test.serial("the probabilities are explain's own for its masks", async (t) => {
  const { model, clip } = await setUp(t);
  for (const perturbation of ['blur', 'fade-black', 'fade-mean']) {
    const run = { method: 'ep', step: 16, sigma: 23, iterations: 4, area: [0.05, 0.3], perturbation };
    const { masks, target } = await explain(model, clip, run);
    const both = Float32Array.from(masks.flatMap(({ mask }) => [...mask]));
    const found = await model.predictPerturbed(clip, both, { perturbation });
    t.is(found.length, 2 * CLASSES);
    for (const [i, { probability }] of masks.entries()) {
      const off = Math.abs(found[i * CLASSES + target.index] - probability.explained);
      t.true(off < 1e-5, `${perturbation} ${i}: off by ${off}`);
    }
  }
});

/** M ⊗ X by hand where it fades to a colour: the mean colour is 0 in normalised space. */
const fadedToMean = (clip, mask) => clip.data.map((value, i) => value * mask[i % VOXELS]);

test.serial('a mask that is tried: what the model sees, and what it makes of that', async (t) => {
  const { model, clip } = await setUp(t);
  const mask = new Float32Array(VOXELS).map((_, i) => (i % 97) / 96);
  const pictures = pictureOptions(model.manifest.input);
  const attempt = (own, name = 'fade-mean') =>
    model.native.predictPerturbed(clip.data, own, 1, nativePerturbation(name, model.manifest), pictures)
      .promise;
  const tried = await attempt(mask);
  t.deepEqual(tried.probabilities, await model.predictPerturbed(clip, mask, { perturbation: 'fade-mean' }));
  const expected = denormalize(fadedToMean(clip, mask), model.manifest.input);
  t.is(tried.pictures.length, 3 * VOXELS);
  t.true(tried.pictures.every((byte, i) => Math.abs(byte - expected[i]) <= 1));
  const blurred = await attempt(mask, 'blur');
  t.deepEqual(blurred.probabilities, await model.predictPerturbed(clip, mask));
  t.notDeepEqual(blurred.pictures, tried.pictures);
  const ones = await attempt(new Float32Array(VOXELS).fill(1), 'blur');
  t.deepEqual(ones.pictures, new Uint8Array(denormalize(clip.data, model.manifest.input)), 'the clip itself');
  for (const wrong of [mask.slice(1), mask.map(() => 2), [...mask], undefined]) {
    await t.throwsAsync(async () => attempt(wrong), { message: /mask/ });
  }
});

test.serial('pictures are RGB, whatever the order of the channels', async (t) => {
  const { model, clip } = await setUp(t);
  const mask = new Float32Array(VOXELS).fill(0.7);
  const fade = nativePerturbation('fade-mean', model.manifest);
  const inOrder = async (channelOrder) => {
    const options = pictureOptions({ mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25], channelOrder });
    return (await model.native.predictPerturbed(clip.data, mask, 1, fade, options).promise).pictures;
  };
  const [rgb, bgr] = [await inOrder('RGB'), await inOrder('BGR')];
  t.deepEqual(
    bgr,
    rgb.map((_, i) => rgb[i - (i % 3) + 2 - (i % 3)]),
  );
  t.notDeepEqual(bgr, rgb);
});

test.serial("an explanation's pictures are what the model saw", async (t) => {
  const { model, clip } = await setUp(t);
  const pictures = pictureOptions(model.manifest.input);
  for (const options of [
    { method: 'ep', step: 16, sigma: 23, iterations: 4, area: [0.05, 0.3] },
    { method: 'gradients', perturbation: 'fade-mean' },
  ]) {
    const perturbation = nativePerturbation(options.perturbation ?? 'blur', model.manifest);
    for (const { mask, perturbed } of (await explain(model, clip, options)).masks) {
      const tried = await model.native.predictPerturbed(clip.data, mask, 1, perturbation, pictures).promise;
      t.deepEqual(perturbed, tried.pictures);
    }
  }
});

test.serial('a finished run does not wait for the one behind it', async (t) => {
  const { model, clip } = await setUp(t);
  const order = [];
  const run = async (name, iterations) => {
    await explain(model, clip, { method: 'ep', step: 16, sigma: 23, iterations });
    order.push(name);
  };
  const long = run('long', 40).then(() => order);
  await run('short', 2);
  t.deepEqual(order, ['long', 'short'], 'one after the other');
  const seen = [];
  const first = explain(model, clip, { method: 'ep', step: 16, sigma: 23, iterations: 2 }).then(() =>
    seen.push('first'),
  );
  const onProgress = () => seen.push('second began');
  await explain(model, clip, { method: 'ep', step: 16, sigma: 23, iterations: 40, onProgress });
  await Promise.all([first, long]);
  t.true(seen.indexOf('first') < seen.lastIndexOf('second began'), 'told before the second one ended');
});

test.serial('a mask of ones keeps the clip, one of zeros leaves the replacement', async (t) => {
  const { model, clip } = await setUp(t);
  const masks = new Float32Array(2 * VOXELS).fill(1, 0, VOXELS);
  for (const perturbation of ['blur', 'fade-black', 'fade-mean']) {
    const found = await model.predictPerturbed(clip, masks, { perturbation });
    const kept = difference(found.slice(0, CLASSES), await model.predict(clip));
    t.true(kept.maximum < 1e-5, `${perturbation}: ${kept.maximum}`);
    if (perturbation === 'blur') continue;
    const { mean, std } = model.manifest.input;
    const data = clip.data.map((_, i) => {
      const channel = Math.floor(i / VOXELS);
      return perturbation === 'fade-black' ? -mean[channel] / std[channel] : 0;
    });
    const faded = difference(found.slice(CLASSES), await model.predict({ ...clip, data }));
    t.true(faded.maximum < 1e-5, `${perturbation}: ${faded.maximum}`);
  }
});

test.serial('more masks than a batch holds come back in their order; the default is blur', async (t) => {
  const { model, clip, box } = await setUp(t);
  const count = 19;
  const masks = new Float32Array(count * VOXELS);
  for (let i = 0; i < count; i++) {
    // The box opens further with every mask.
    masks.set(
      Float32Array.from(box, (inside) => (inside * i) / (count - 1)),
      i * VOXELS,
    );
  }
  const together = await model.predictPerturbed(clip, masks);
  for (const i of [0, 7, 8, 18]) {
    const alone = await model.predictPerturbed(clip, masks.slice(i * VOXELS, (i + 1) * VOXELS), {
      perturbation: 'blur',
    });
    const off = difference(together.slice(i * CLASSES, (i + 1) * CLASSES), alone);
    t.true(off.maximum < 1e-5, `mask ${i}: ${off.maximum}`);
  }
  t.true(together[18 * CLASSES + 6] > together[6] + 0.5, 'the box holds the evidence');
});

test.serial('it stops between two batches', async (t) => {
  const { model, clip } = await setUp(t);
  const count = 2000;
  const masks = new Float32Array(count * VOXELS).fill(1);
  const stop = new AbortController();
  const run = model.predictPerturbed(clip, masks, { signal: stop.signal });
  setTimeout(() => stop.abort(), 50);
  const { error, milliseconds } = await settled(run);
  t.is(error?.code, 'FEP_ABORTED');
  t.is(error?.name, 'AbortError');
  t.true(milliseconds < 5000, `${milliseconds} ms`);
});

test.serial('wrong masks are refused', async (t) => {
  const { model, clip } = await setUp(t);
  const refusedWith = async (code, ...args) =>
    t.is((await t.throwsAsync(model.predictPerturbed(clip, ...args))).code, code);
  await refusedWith('FEP_SHAPE', new Float32Array(VOXELS + 1));
  await refusedWith('FEP_SHAPE', new Float32Array(0));
  await refusedWith('FEP_SHAPE', Array(VOXELS).fill(1));
  await refusedWith('FEP_SHAPE');
  await refusedWith('FEP_USAGE', new Float32Array(VOXELS).fill(1.5));
  await refusedWith('FEP_USAGE', new Float32Array(VOXELS), null);
  await refusedWith('FEP_USAGE', new Float32Array(VOXELS), { signal: 'now' });
  await refusedWith('FEP_USAGE', new Float32Array(VOXELS), { perturbation: 'gray' });
});
