// Full-size architectures out of python/fep_import: they load and answer as in PyTorch, their cost is measured, and
// families that nothing was made for (a CNN with an LSTM, a transformer) are explained like any other.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { explain, loadModel, measureCost, readClassNames, readClip } from 'fep-native';
import { locateLibtorch } from '../dist/libtorch/locate.js';
import { sketchModel } from '../dist/model/sketchModel.js';
import { difference, softmax } from './helpers/golden.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';
import { exported, python } from './helpers/python.mjs';

const CLI = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const CASES = JSON.parse(readFileSync(new URL('./import/class_names.json', import.meta.url), 'utf8'));
const ALL = [
  'r2plus1d_18',
  'r2plus1d_34',
  'mc3_18',
  'r3d_18',
  'tsm_r50',
  'i3d',
  'cnn_lstm',
  'video_transformer',
];

let folder;
test.before(async (t) => {
  t.timeout(600_000);
  folder = await exported((into) => ['full_size_models.py', into]);
});

async function load(t, name) {
  // Loading checks the reference logits. As many threads as the reference has: another number rounds differently, which
  // turns a ReLU or two of a deep network, and moves single gradients by a hundredth.
  const model = await loadModel(join(folder, `${name}.pt`), { threads: 2 });
  t.teardown(() => model.dispose());
  return model;
}

const clipOf = (model, name) => readClip(join(folder, `${name}.npy`), model.manifest.input);

for (const name of ALL) {
  test.serial(`${name}: loads, and answers and differentiates as in PyTorch`, async (t) => {
    const model = await load(t, name);
    const clip = await clipOf(model, name);
    const expected = JSON.parse(readFileSync(join(folder, `${name}.answer.json`), 'utf8'));
    const { activation } = model.manifest.output;
    const probabilities = activation === 'softmax' ? expected.output : softmax(expected.output);
    t.true(difference(await model.predict(clip), probabilities).maximum < 1e-5);
    const { masks } = await explain(model, clip, { method: 'gradients', target: 1 });
    const most = Math.max(...expected.gradients);
    t.true(most > 0);
    t.true(difference(masks[0].attribution, expected.gradients).maximum < 1e-3 * most);
  });
}

for (const name of ['cnn_lstm', 'video_transformer']) {
  test.serial(`${name}: explained by F-EP and by the gradient methods`, async (t) => {
    const model = await load(t, name);
    const clip = await clipOf(model, name);
    const { height, width, frames } = model.manifest.input;
    const { masks, predicted } = await explain(model, clip, {
      method: 'f-ep',
      iterations: 3,
      area: [0.1, 0.3],
    });
    t.is(masks.length, 2);
    for (const { mask, energy, probability } of masks) {
      t.is(mask.length, frames * height * width);
      t.true(mask.every((v) => v >= 0 && v <= 1));
      t.true(
        mask.some((v) => v < 1),
        'it moved',
      );
      t.true(energy.every(({ reward, area }) => Number.isFinite(reward) && Number.isFinite(area)));
      t.is(probability.original, predicted.probability);
    }
    for (const method of ['input-x-gradient', 'integrated-gradients', 'smoothgrad']) {
      const few = { smoothgrad: { samples: 3 }, 'integrated-gradients': { integrationSteps: 5 } }[method];
      const { masks: maps } = await explain(model, clip, { method, ...few });
      t.true(maps[0].attribution.some((v) => v > 0) && maps[0].mask.every(Number.isFinite), method);
    }
  });
}

test.serial('integrated gradients of a softmax model add up', async (t) => {
  const model = await load(t, 'cnn_lstm');
  const clip = await clipOf(model, 'cnn_lstm');
  const { masks } = await explain(model, clip, { method: 'integrated-gradients', integrationSteps: 50 });
  const { completenessGap, score, baselineScore } = masks[0].details;
  t.true(Math.abs(completenessGap) < 0.05 * Math.max(Math.abs(score - baselineScore), 0.1));
});

test.serial(
  'grad-cam looks at the frames of the CNN, and says that a transformer of words has none',
  async (t) => {
    const lstm = await load(t, 'cnn_lstm');
    const { masks, config } = await explain(lstm, await clipOf(lstm, 'cnn_lstm'), { method: 'grad-cam' });
    t.is(config.layer, 'cnn', 'as its manifest says');
    t.true(masks[0].mask.every((v) => v >= 0 && v <= 1));

    const transformer = await load(t, 'video_transformer');
    const clip = await clipOf(transformer, 'video_transformer');
    for (const method of ['grad-cam', 'grad-cam-plus-plus']) {
      const error = await t.throwsAsync(explain(transformer, clip, { method }), { name: 'FepError' });
      t.is(error.code, 'FEP_USAGE');
      t.regex(error.message, /No layer of the model has an extent in space, which Grad-CAM needs/);
      t.regex(error.hint, /smoothgrad or rise/);
      const named = await t.throwsAsync(explain(transformer, clip, { method, layer: 'blocks.1.mlp.0' }));
      t.regex(named.message, /The layer blocks\.1\.mlp\.0 \(Linear\) returns 1×64×384, which has no extent/);
    }
  },
);

test.serial('what a full-size R(2+1)D-18 costs', async (t) => {
  const model = await load(t, 'r2plus1d_18');
  const { parameters, weightBytes, multiplyAccumulates, flops, explanationBytes } = await measureCost(model);
  t.is(parameters, 31_505_325);
  t.is(weightBytes, 4 * parameters);
  // Torchvision publishes 40.519 G for 16 frames of 112×112.
  t.true(Math.abs(multiplyAccumulates / 40.519e9 - 1) < 1e-4, `${multiplyAccumulates}`);
  t.is(flops, 2 * multiplyAccumulates);
  // PyTorch keeps every ReLU's output for the backward, 4 bytes of an element, and we one bit; the pyramid has 8 clips.
  const layers = await model.layers();
  const relus = layers.filter(({ type }) => type === 'ReLU');
  const outputs = relus.reduce((sum, { shape }) => sum + 4 * shape.reduce((a, b) => a * b), 0);
  const pyramid = 8 * 4 * 3 * 16 * 112 * 112;
  const rest = explanationBytes - weightBytes - pyramid;
  t.true(rest > outputs / 32 && rest < 0.6 * outputs, `${rest} for ${outputs}`);
  t.true(explanationBytes < process.resourceUsage().maxRSS * 1024, 'the process has held it');
  await t.throwsAsync(measureCost(model, { method: 'gradients' }), { code: 'FEP_USAGE' });
});

test.serial('every further mask of an explanation takes memory of its own', async (t) => {
  const model = await load(t, 'cnn_lstm');
  const costs = [];
  for (const area of [0.1, [0.1, 0.2], [0.1, 0.2, 0.3]]) costs.push(await measureCost(model, { area }));
  const [one, two, three] = costs.map(({ explanationBytes, weightBytes }) => explanationBytes - weightBytes);
  t.true(two > 1.2 * one && two < 2 * one, `${one}, ${two}`);
  t.true(Math.abs(three - two - (two - one)) < 0.1 * (two - one), `${one}, ${two}, ${three}`);
  t.is(costs[2].multiplyAccumulates, costs[0].multiplyAccumulates, 'of one clip');
});

/** Multiply-accumulates by hand. */
const WORK = {
  cnn_lstm:
    8 * (27 * 32 * 32 ** 2 + 288 * 64 * 16 ** 2 + 576 * 128 * 8 ** 2 + 1152 * 128 * 4 ** 2) +
    8 * 4 * 128 * (128 + 128) +
    128 * 5,
  video_transformer: 64 * 1536 * 96 + 4 * (64 * 96 * 96 * (3 + 1 + 4 + 4) + 2 * 64 * 64 * 96) + 96 * 5,
};

for (const [name, work] of Object.entries(WORK)) {
  test.serial(`${name}: convolutions, recurrent layers and attention are counted`, async (t) => {
    t.is((await measureCost(await load(t, name))).multiplyAccumulates, work);
  });
}

for (const name of ALL) {
  test.serial(`${name}: a sketch tells its layers and operations without computing them`, async (t) => {
    const model = await load(t, name);
    const { layers, multiplyAccumulates, parameters, classes } = await sketchModel(
      model.path,
      model.manifest,
    );
    const cost = await measureCost(model);
    t.deepEqual(
      { multiplyAccumulates, parameters, classes },
      {
        multiplyAccumulates: cost.multiplyAccumulates,
        parameters: cost.parameters,
        classes: model.classes,
      },
    );
    const sizes = (list) =>
      list.map(({ name, type, shape, maps, grid }) => ({ name, type, shape, maps, grid }));
    t.deepEqual(sizes(layers), sizes((await model.layers()).filter(({ type }) => type !== 'method')));
  });
}

const HUGE = `
import sys
import torch

huge = torch.jit.ScriptModule()
huge.define("""
def forward(self, clip: Tensor) -> Tensor:
    square = clip.mean().expand(8192, 8192)
    return torch.matmul(square, square)[:1, :5]
""")
huge.save(sys.argv[1])
`;

test.serial('a model that takes long is measured when asked, and what was found is kept', async (t) => {
  const folder = temporaryFolder(t);
  const huge = join(folder, 'huge.pt');
  await python(HUGE, { args: [huge] });
  const env = { ...process.env, FEP_CACHE: folder, FEP_LIBTORCH: locateLibtorch().root };
  const inspect = (file, ...more) =>
    execFileSync(process.execPath, [CLI, 'models', 'inspect', file, ...more], { encoding: 'utf8', env });
  const input = ['--layout', 'NCTHW', '--frames', '4', '--size', '16', '--activation', 'logits'];
  const { cost, check, unmeasured, layers } = JSON.parse(inspect(huge, ...input, '--json'));
  t.is(cost.multiplyAccumulates, 8192 ** 3);
  t.true(unmeasured > 60);
  t.is(cost.explanationBytes, null);
  t.is(check, null);
  t.deepEqual(layers, []);
  t.regex(inspect(huge, ...input), /was not run, which takes about .*--measure/);

  const small = join(dirname(CLI), '..', '..', 'models', 'tsm-mini.pt');
  const first = inspect(small);
  t.regex(first, /It looks at blocks unless told otherwise/);
  t.is(inspect(small), first, 'to the byte of memory, which no second process takes alike');
});

test.serial('models inspect tells parameters, operations and memory', (t) => {
  const file = join(folder, 'tsm_r50.pt');
  const run = (...more) =>
    execFileSync(process.execPath, [CLI, 'models', 'inspect', file, '--measure', ...more], {
      encoding: 'utf8',
    });
  const { cost, manifest } = JSON.parse(run('--json'));
  t.is(manifest.architecture, 'TSM-ResNet-50');
  t.is(cost.parameters, 23_508_032 + 5 * 2049);
  t.true(cost.processBytes > cost.explanationBytes);
  const text = run();
  t.regex(text, /Parameters: 23,518,277 \(89\.7 MiB\)/);
  t.regex(text, /One forward of one clip: \d\.\d{3} GFLOP, which is \d\.\d{3} G multiply-accumulates/);
  t.regex(
    text,
    /Memory of an explanation by f-ep at one area: \d+\.\d MiB of tensors[\s\S]*held \d+\.\d MiB in all/,
  );
  t.regex(text, /\nlayer4\.2\.conv3 +Conv2d +8x2048x1x1 +/);
});

test('class names from any text or JSON file', (t) => {
  const path = join(temporaryFolder(t), 'names');
  for (const { text, names, error } of CASES) {
    writeFileSync(path, text);
    if (names) {
      t.deepEqual(readClassNames(path), names);
      continue;
    }
    const thrown = t.throws(() => readClassNames(path), { name: 'FepError', code: 'FEP_USAGE' }, text);
    t.true(thrown.message.includes(error), thrown.message);
  }
  t.throws(() => readClassNames(join(path, 'gone')), { code: 'FEP_USAGE' });
});
