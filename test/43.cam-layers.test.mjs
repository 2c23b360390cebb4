// Layers of TorchScript modules: found by name with their shapes, looked at, and refused where they do not fit.
import { copyFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { chooseLayer, explain, isCamLayer, loadModel, readClip, readNpy } from 'fep-native';
import { difference, golden, goldenClip, mean, TINY, tiny } from './helpers/golden.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';
import { exported } from './helpers/python.mjs';

const SAMPLE = fileURLToPath(new URL('../models/sample.mp4', import.meta.url));
const LAYERED = { input: { layout: 'NTCHW', frames: 4, height: 24, width: 24 }, activation: 'logits' };

const correlation = (a, b) => {
  const [ma, mb] = [mean(a), mean(b)];
  const sum = (f) => a.reduce((s, v, i) => s + f(v - ma, b[i] - mb), 0);
  return sum((x, y) => x * y) / Math.sqrt(sum((x) => x * x) * sum((_, y) => y * y));
};

/** Largest difference of two maps as a share of the largest value. */
const off = (found, expected) =>
  difference(found, expected).maximum / expected.reduce((a, b) => Math.max(a, b), 0);

async function layered(t, file, options = {}) {
  const model = await loadModel(file, { ...LAYERED, ...options });
  t.teardown(() => model.dispose());
  return model;
}

test.serial(
  "layers in branches and loops, written in place, shared: found as PyTorch's hooks find them",
  async (t) => {
    const folder = await exported((into) => ['layered_model.py', into]);
    const shapes = JSON.parse(readFileSync(join(folder, 'shapes.json'), 'utf8'));
    const expectedMaps = {
      'stem.0': 'TCHW',
      'blocks.1': 'TCHW',
      relu: 'TCHW',
      usual: 'TCHW',
      same: 'TCHW',
      unfold: 'NTCHW',
      'deep.net.0': 'NCTHW',
      'deep.net.1': 'NCTHW',
      deep: 'NCTHW',
      classifier: null,
    };
    for (const file of ['scripted.pt', 'traced.pt']) {
      const model = await layered(t, join(folder, file));
      const clip = await readClip(join(folder, 'clip.npy'), model.manifest.input);
      const layers = await model.layers();
      const found = Object.fromEntries(layers.map(({ name, shape }) => [name, shape]));
      if (file === 'scripted.pt') t.deepEqual(found, shapes);
      for (const [name, maps] of Object.entries(expectedMaps)) {
        if (file === 'traced.pt' && name === 'same') continue; // tracing leaves out what does nothing
        t.deepEqual(found[name], shapes[name], `${file} ${name}`);
        t.is(layers.find((layer) => layer.name === name)?.maps, maps, `${file} ${name}`);
      }
      t.is(layers.find(({ name }) => name === 'stem.0').type, 'Conv2d');
      t.is(layers.at(-1).name, 'classifier', 'in the order in which they run');
      t.is(chooseLayer(layers, null).name, 'deep', 'what the last convolution returns, by the outer name');
      for (const layer of ['stem.0', 'blocks.1', 'relu', 'usual', 'unfold', 'deep.net.1']) {
        for (const camWeights of ['clip', 'frame']) {
          const { masks } = await explain(model, clip, { method: 'grad-cam', layer, camWeights, target: 2 });
          const expected = (await readNpy(join(folder, `${layer}-${camWeights}.npy`))).data;
          const share = off(masks[0].attribution, expected);
          t.true(share < 1e-4, `${file} ${layer} ${camWeights}: off by ${share}`);
          t.is(masks[0].details.layer, layer);
        }
      }
      const chosen = await explain(model, clip, { method: 'grad-cam', target: 2 });
      t.is(chosen.config.layer, 'deep');
    }
  },
);

test.serial('looking at layers leaves the model as it was', async (t) => {
  const model = await tiny(t);
  const clip = await goldenClip(model);
  const before = await model.predict(clip);
  await model.layers();
  await explain(model, clip, { method: 'grad-cam', layer: 'layers.1' });
  t.deepEqual(await model.predict(clip), before);
});

/** The layer whose output `features` returns. */
const SAME_AS_FEATURES = {
  tiny: 'layers',
  'r2plus1d-mini': 'stage3',
  'tsm-mini': 'blocks',
  'transformer-mini': 'tokens',
};

for (const [name, layer] of Object.entries(SAME_AS_FEATURES)) {
  test.serial(`${name}: a layer found in the graph equals the exported features`, async (t) => {
    const model = name === 'tiny' ? await tiny(t) : await loadModel(name);
    t.teardown(() => model.dispose());
    const clip = name === 'tiny' ? await goldenClip(model) : await readClip(SAMPLE, model.manifest.input);
    for (const method of ['grad-cam', 'grad-cam-plus-plus']) {
      for (const camWeights of ['clip', 'frame']) {
        const run = async (at) => (await explain(model, clip, { method, layer: at, camWeights })).masks[0];
        const [split, found] = [await run('features'), await run(layer)];
        const share = off(found.attribution, split.attribution);
        t.true(share < 1e-3, `${method} ${camWeights}: off by ${share}`);
      }
    }
  });

  test.serial(`${name}: gradients reach every layer that fits`, async (t) => {
    const model = name === 'tiny' ? await tiny(t) : await loadModel(name);
    t.teardown(() => model.dispose());
    const clip = name === 'tiny' ? await goldenClip(model) : await readClip(SAMPLE, model.manifest.input);
    const layers = await model.layers();
    const fitting = layers.filter(isCamLayer);
    t.true(fitting.length > 10);
    t.is(new Set(layers.map((l) => l.name)).size, layers.length, 'each once');
    for (const { name: at, shape } of [fitting[0], fitting[1], fitting.at(-2), fitting.at(-1)]) {
      const { masks } = await explain(model, clip, { method: 'grad-cam-plus-plus', layer: at });
      t.true(
        masks[0].attribution.some((v) => v > 0),
        `${at} ${shape}`,
      );
    }
    // Maps of time and pixels are no pictures, nor is what the classifier returns.
    for (const { name: at, shape, maps, grid } of layers) {
      if (!grid && (shape.length < 4 || shape.at(-1) > 112)) t.is(maps, null, `${at} ${shape}`);
    }
  });
}

test.serial('bfloat16 looks at the same place', async (t) => {
  const exact = await loadModel('tsm-mini');
  const rough = await loadModel('tsm-mini', { precision: 'bfloat16' });
  t.teardown(() => exact.dispose());
  t.teardown(() => rough.dispose());
  const clip = await readClip(SAMPLE, exact.manifest.input);
  const run = async (model) => (await explain(model, clip, { method: 'grad-cam', target: 0 })).masks[0].mask;
  const similar = correlation(await run(exact), await run(rough));
  t.true(similar > 0.9, `correlation ${similar}`);
});

test.serial('names that are wrong, or do not fit, are refused with the closest that do', async (t) => {
  const model = await tiny(t);
  const clip = await goldenClip(model);
  const refused = (layer) => t.throwsAsync(explain(model, clip, { method: 'grad-cam', layer }));
  const misspelt = await refused('layer.2');
  t.is(misspelt.code, 'FEP_USAGE');
  t.regex(misspelt.message, /no layer layer\.2/);
  t.regex(misspelt.hint, /layers\.2/);
  const flat = await refused('fc');
  t.is(flat.code, 'FEP_USAGE');
  t.regex(flat.message, /fc \(Linear\) returns 1×8.*no extent in space/);
  // Past lib/, the addon says the same.
  const options = { method: 'grad-cam', camWeights: 'clip' };
  for (const layer of ['nothing', 'fc', '', 'layers.']) {
    const native = () => model.native.attribute(clip.data, 0, { ...options, layer }, undefined).promise;
    t.is((await t.throwsAsync(native)).code, 'FEP_USAGE', layer);
  }
});

test.serial('a model that keeps only its folded weights reads its file again for its layers', async (t) => {
  const file = join(temporaryFolder(t), 'copy.pt');
  copyFileSync(golden('tiny.pt'), file);
  const load = () => loadModel(file, { ...TINY, foldBatchNorm: true });
  const [model, late] = [await load(), await load()];
  t.teardown(() => {
    model.dispose();
    late.dispose();
  });
  const asExported = await tiny(t);
  t.deepEqual(await model.layers(), await asExported.layers());
  const clip = await goldenClip(model);
  const layer = { method: 'grad-cam', layer: 'layers.1' };
  const maps = [];
  for (const one of [model, asExported]) maps.push((await explain(one, clip, layer)).masks[0].attribution);
  t.deepEqual(maps[0], maps[1], 'the layers are the exported ones');

  writeFileSync(file, 'another file by now');
  await t.throwsAsync(late.layers(), { code: 'FEP_MODEL_LOAD', message: /copy\.pt is another file than/ });
  t.deepEqual(await late.predict(clip), await model.predict(clip), 'all else goes on');
  t.deepEqual(await model.layers(), await asExported.layers(), 'what was read stays');
});

test('the layer that is taken when none is named', (t) => {
  const layer = (name, type, maps) => ({ name, type, shape: [1, 2, 2, 4, 4], maps });
  const conv = [layer('a', 'Conv3d', 'NCTHW'), layer('b', 'Conv2d', 'TCHW'), layer('c', 'ReLU', 'NCTHW')];
  t.is(chooseLayer(conv, null).name, 'b');
  t.is(chooseLayer([layer('features', 'method', 'NCTHW'), ...conv], null).name, 'features');
  t.is(chooseLayer([layer('features', 'method', null), ...conv], null).name, 'b', 'features that do not fit');
  t.is(chooseLayer([...conv, layer('d', 'Conv3d', null)], null).name, 'b');
  t.is(chooseLayer([layer('x', 'Block', 'NCTHW'), layer('y', 'Block', 'NCTHW')], null).name, 'y');
  t.is(chooseLayer(conv, 'a').name, 'a');
  const none = t.throws(() => chooseLayer([layer('fc', 'Linear', null)], null));
  t.is(none.code, 'FEP_USAGE');
  t.truthy(none.hint);
});

test.serial('camLayer of the manifest is where Grad-CAM looks', async (t) => {
  const folder = temporaryFolder(t);
  cpSync(await exported((into) => ['layered_model.py', into]), folder, { recursive: true });
  const manifest = {
    name: 'layered',
    camLayer: 'usual',
    input: LAYERED.input,
    output: { activation: 'logits' },
  };
  writeFileSync(join(folder, 'scripted.json'), JSON.stringify(manifest));
  const model = await loadModel(join(folder, 'scripted.pt'));
  t.teardown(() => model.dispose());
  const clip = await readClip(join(folder, 'clip.npy'), model.manifest.input);
  t.is((await explain(model, clip, { method: 'grad-cam' })).masks[0].details.layer, 'usual');
  const named = await explain(model, clip, { method: 'grad-cam', layer: 'unfold' });
  t.is(named.masks[0].details.layer, 'unfold');
});
