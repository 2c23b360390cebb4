// The layers that Grad-CAM looks at when none is named: the last that the whole decision flows through.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { chooseLayers, explain, loadModel, readClip, readNpy } from 'fep-native';
import { difference } from './helpers/golden.mjs';
import { exported } from './helpers/python.mjs';

const INPUT = { layout: 'NCTHW', frames: 8, height: 32, width: 32 };
const made = () => exported((into) => ['deciding_models.py', into]);

async function load(t, file) {
  const model = await loadModel(join(await made(), `${file}.pt`), { input: INPUT, activation: 'logits' });
  t.teardown(() => model.dispose());
  return model;
}

const NETWORKS = [
  'resnet',
  'inception',
  'open-branches',
  'squeeze',
  'non-local',
  'pathways',
  'last-pool',
  'open-shortcuts',
  'cut',
];

for (const name of NETWORKS) {
  test.serial(`${name}: traced and scripted`, async (t) => {
    const folder = await made();
    const truth = JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8'))[name];
    for (const file of [name, `${name}-scripted`]) {
      const model = await load(t, file);
      const layers = await model.layers();
      const chosen = chooseLayers(layers, null).map((layer) => layer.name);
      t.deepEqual(chosen.toSorted(), truth.toSorted(), file);
      t.is(layers.filter(({ isDefault }) => isDefault).length, name === 'cut' ? 0 : truth.length);
      if (name === 'cut') continue;
      const clip = await readClip(join(folder, 'clip.npy'), model.manifest.input);
      const { masks, config } = await explain(model, clip, { method: 'grad-cam', target: 1 });
      t.is(config.layer, chosen.join(','));
      t.is(masks[0].details.layer, config.layer);
      const expected = (await readNpy(join(folder, `${name}.npy`))).data;
      const most = Math.max(...expected);
      t.true(most > 0, 'it says something');
      const off = difference(masks[0].attribution, expected).maximum / most;
      t.true(off < 1e-4, `${file}: off by ${off}`);
    }
  });
}

test.serial('several layers by hand, one of which is wrong', async (t) => {
  const model = await load(t, 'pathways');
  const clip = await readClip(join(await made(), 'clip.npy'), model.manifest.input);
  const run = async (layer) =>
    (await explain(model, clip, { method: 'grad-cam-plus-plus', target: 1, layer })).masks[0].attribution;
  const [both, slow, fast] = [await run('slow2,fast2'), await run('slow2'), await run('fast2')];
  const sum = slow.map((v, i) => v + fast[i]);
  const off = difference(both, sum).maximum / Math.max(...sum);
  t.true(off < 1e-6, `off by ${off}`);
  t.true(difference(slow, fast).maximum > 0.01 * Math.max(...sum), 'they differ');
  const wrong = await t.throwsAsync(run('slow2,fast3'), { code: 'FEP_USAGE', message: /no layer fast3/ });
  t.regex(wrong.hint, /fast2/);
  const flat = explain(await load(t, 'resnet'), clip, { method: 'grad-cam', layer: 'layer2,fc' });
  await t.throwsAsync(flat, { code: 'FEP_USAGE', message: /fc .*no extent in space/ });
});
