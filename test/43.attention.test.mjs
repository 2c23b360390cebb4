// Attention rollout and gradient-weighted attention, against matrices over all tokens in PyTorch.
import { join } from 'node:path';
import test from 'ava';
import { explain, loadModel, readClip, readNpy } from 'fep-native';
import { difference, tiny } from './helpers/golden.mjs';
import { exported } from './helpers/python.mjs';

const INPUT = { layout: 'NCTHW', frames: 4, height: 32, width: 32 };
const METHODS = { rollout: 'attention-rollout', gradient: 'gradient-attention' };
const made = () => exported((into) => ['token_models.py', into]);

async function load(t, file, options = {}) {
  const model = await loadModel(join(await made(), `${file}.pt`), {
    input: INPUT,
    activation: 'logits',
    ...options,
  });
  t.teardown(() => model.dispose());
  return model;
}

const run = async (model, method) => {
  const clip = await readClip(join(await made(), 'clip.npy'), model.manifest.input);
  return (await explain(model, clip, { method, target: 1 })).masks[0].attribution;
};

const MODELS = {
  'joint-class': ['joint-class-softmax', 'joint-class-sdpa'],
  'joint-mean': ['joint-mean-softmax', 'joint-mean-sdpa'],
  divided: ['divided-softmax', 'divided-sdpa'],
  'per-frame': ['per-frame'],
};

for (const [name, files] of Object.entries(MODELS)) {
  for (const [what, method] of Object.entries(METHODS)) {
    test.serial(`${method} of ${files.join(' and ')}`, async (t) => {
      const expected = (await readNpy(join(await made(), `${name}-${what}.npy`))).data;
      const [most, least] = [Math.max(...expected), Math.min(...expected)];
      t.true(most - least > 0.1 * most, 'it is not flat');
      for (const file of files) {
        const off = difference(await run(await load(t, file), method), expected).maximum / (most - least);
        t.true(off < 1e-4, `${file}: off by ${off}`);
      }
    });
  }
}

test.serial('attention over windows, without a grid, or none at all is refused in words', async (t) => {
  for (const method of Object.values(METHODS)) {
    const refused = (model) => t.throwsAsync(run(model, method), { code: 'FEP_USAGE' });
    t.regex(
      (await refused(await load(t, 'windows'))).message,
      /\[4, 3, 8, 8\], over 8 tokens: neither all of 2x4x4/,
    );
    t.regex((await refused(await load(t, 'unknown'))).message, /not known, as where.*--tokens TxHxW/);
    t.regex((await refused(await load(t, 'channels-last'))).message, /The model has no attention/);
  }
  const told = await run(await load(t, 'unknown', { tokens: { grid: [2, 4, 4] } }), 'attention-rollout');
  t.true(told.every((v) => v > 0));
});

test.serial('a model explains the same after its attention was looked at', async (t) => {
  const model = await load(t, 'joint-class-sdpa');
  const clip = await readClip(join(await made(), 'clip.npy'), model.manifest.input);
  const before = await model.predict(clip);
  const maps = [await run(model, 'gradient-attention'), await run(model, 'gradient-attention')];
  t.is(difference(maps[0], maps[1]).maximum, 0);
  t.deepEqual(await model.predict(clip), before);
  const convolutional = await tiny(t);
  const options = { method: 'attention-rollout' };
  const other = new Float32Array(3 * 16 * 64 * 64);
  await t.throwsAsync(explain(convolutional, { ...clip, data: other }, options), { name: 'FepError' });
});
