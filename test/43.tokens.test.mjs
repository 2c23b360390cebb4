// Grad-CAM and HiResCAM at the tokens of transformers: their grid is found, or said by hand.
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { chooseLayer, explain, loadModel, readClip, readNpy } from 'fep-native';
import { difference } from './helpers/golden.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';
import { cliHere } from './helpers/program.mjs';
import { exported } from './helpers/python.mjs';

const INPUT = { layout: 'NCTHW', frames: 4, height: 32, width: 32 };
const made = () => exported((into) => ['token_models.py', into]);

async function load(t, file, options = {}) {
  const model = await loadModel(join(await made(), file), { input: INPUT, activation: 'logits', ...options });
  t.teardown(() => model.dispose());
  return model;
}

const largest = (values) => values.reduce((a, b) => Math.max(a, b), 0);

/** Compares a map with the reference's, which must say something. */
async function agrees(t, found, name) {
  const expected = (await readNpy(join(await made(), `${name}.npy`))).data;
  const most = largest(expected);
  t.true(expected.filter((v) => v < 0.5 * most).length > expected.length / 50, `${name} is not flat`);
  const off = difference(found, expected).maximum / most;
  t.true(off < 1e-4, `${name}: off by ${off}`);
}

const run = async (model, options) => {
  const clip = await readClip(join(await made(), 'clip.npy'), model.manifest.input);
  return (await explain(model, clip, { method: 'grad-cam', target: 1, ...options })).masks[0];
};

for (const [name, layers] of Object.entries({
  'joint-class': ['blocks.0', 'blocks.1.norm2', 'blocks.2.norm1'],
  'joint-mean': ['blocks.0', 'blocks.1.norm2', 'norm'],
})) {
  test.serial(`${name}: tokens of a grid that the embedding shows`, async (t) => {
    const model = await load(t, `${name}-sdpa.pt`);
    for (const layer of layers) {
      for (const camWeights of ['clip', 'frame', 'element']) {
        const { attribution, details } = await run(model, { layer, camWeights });
        t.is(details.layer, layer);
        await agrees(t, attribution, `${name}-${layer}-${camWeights}`);
      }
    }
  });
}

test.serial('the last tokens of which patches count, never the embedding', async (t) => {
  const expected = {
    'joint-class-softmax': ['blocks.2.norm1', '1x33x24', '2x4x4', 'NLC'],
    'joint-class-sdpa': ['blocks.2.norm1', '1x33x24', '2x4x4', 'NLC'],
    'joint-mean-softmax': ['norm', '1x32x24', '2x4x4', 'NLC'],
    'divided-sdpa': ['blocks.1', '1x65x24', '4x4x4', 'NLC'],
    'per-frame': ['blocks.2.norm1', '4x17x24', '4x4x4', 'TLC'],
    'channels-last': ['norm', '1x2x4x4x24', undefined, 'NTHWC'],
  };
  for (const [name, answer] of Object.entries(expected)) {
    const layers = await (await load(t, `${name}.pt`)).layers();
    const { name: layer, shape, grid, maps } = chooseLayer(layers, null);
    t.deepEqual([layer, shape.join('x'), grid?.join('x'), maps], answer, name);
    t.is(layers.find(({ name: one }) => one === 'embed').isDefault, false);
  }
});

test.serial('tokens whose next is the next moment; frames as a batch; channels last', async (t) => {
  for (const name of ['divided-sdpa', 'divided-softmax']) {
    const { attribution } = await run(await load(t, `${name}.pt`), {
      layer: 'blocks.1',
      camWeights: 'element',
    });
    await agrees(t, attribution, 'divided-blocks.1-element');
  }
  const perFrame = await run(await load(t, 'per-frame.pt'), { layer: 'blocks.1', camWeights: 'frame' });
  await agrees(t, perFrame.attribution, 'per-frame-blocks.1-frame');
  const last = await run(await load(t, 'channels-last.pt'), { layer: 'norm', camWeights: 'element' });
  await agrees(t, last.attribution, 'channels-last-norm-element');
});

test.serial('a grid that nothing shows is said by hand, or by the manifest', async (t) => {
  const bare = await load(t, 'unknown.pt');
  const refused = await t.throwsAsync(run(bare, {}), { code: 'FEP_USAGE', message: /No layer of the model/ });
  t.regex(refused.hint, /--tokens TxHxW/);
  const named = await t.throwsAsync(run(bare, { layer: 'blocks.1' }), { code: 'FEP_USAGE' });
  t.regex(named.message, /blocks\.1 .*1×32×24.*no extent in space/);
  t.regex(named.hint, /--tokens TxHxW/);
  const tokens = { grid: [2, 4, 4] };
  const told = await load(t, 'unknown.pt', { tokens });
  t.deepEqual(told.manifest.tokens, { grid: [2, 4, 4], prefix: 0 });
  const { attribution } = await run(told, {});
  t.true(attribution.some((v) => v > 0));
  t.deepEqual(chooseLayer(await told.layers(), null).grid, [2, 4, 4]);

  const folder = temporaryFolder(t);
  copyFileSync(join(await made(), 'unknown.pt'), join(folder, 'model.pt'));
  const manifest = {
    name: 'unknown',
    input: INPUT,
    output: { activation: 'logits' },
    tokens: { ...tokens, layer: 'blocks.0' },
  };
  writeFileSync(join(folder, 'model.json'), JSON.stringify(manifest));
  const model = await loadModel(join(folder, 'model.pt'));
  t.teardown(() => model.dispose());
  t.is((await run(model, {})).details.layer, 'blocks.0');
});

test.serial('Grad-CAM++ has no weight for each element', async (t) => {
  const model = await load(t, 'joint-mean-sdpa.pt');
  const options = { method: 'grad-cam-plus-plus', camWeights: 'element' };
  const error = await t.throwsAsync(run(model, options), {
    code: 'FEP_USAGE',
    message: /sums over positions/,
  });
  t.regex(error.hint, /grad-cam for HiResCAM/);
  const native = model.native.attribute(new Float32Array(3 * 4 * 32 * 32), 0, { ...options, layer: 'norm' });
  await t.throwsAsync(native.promise, { message: /no weight for each position/ });
});

test.serial('models inspect lists tokens with their grid, and marks the default', async (t) => {
  const file = join(await made(), 'unknown.pt');
  const input = ['--layout', 'NCTHW', '--frames', '4', '--size', '32', '--activation', 'logits'];
  const inspect = (...more) => cliHere(['models', 'inspect', file, ...input, '--tokens', '2x4x4', ...more]);
  const { stdout } = await inspect();
  t.regex(stdout, /\nblocks\.2 +Block +1x32x24 +NLC 2x4x4/);
  t.regex(stdout, /It looks at norm unless told otherwise/);
  const { layers, manifest } = JSON.parse((await inspect('--json')).stdout);
  t.deepEqual(manifest.tokens, { grid: [2, 4, 4], prefix: 0 });
  t.deepEqual(
    layers.filter(({ isDefault }) => isDefault).map(({ name, grid }) => [name, grid]),
    [['norm', [2, 4, 4]]],
  );
  const wrong = await cliHere(['models', 'inspect', file, ...input, '--tokens', '2x4']);
  t.is(wrong.status, 2);
  t.regex(wrong.stderr, /TxHxW/);
});
