// The check of a model at its first load: what it finds, what is said of it, and that it is obeyed afterwards.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { compare, explain, explainAll, loadModel } from 'fep-native';
import { locateLibtorch } from '../dist/libtorch/locate.js';
import { emulatesBfloat16 } from '../dist/system/emulatesBfloat16.js';
import { FIELD_INPUT, makeFieldModels } from './helpers/fieldModels.mjs';
import { difference, softmax } from './helpers/golden.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';
import { python } from './helpers/python.mjs';

const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const models = makeFieldModels(test);
const sigmoid = (x) => 1 / (1 + Math.exp(-x));

/** What a promise is refused with. */
async function refusal(t, promise, code) {
  const error = await t.throwsAsync(promise, { name: 'FepError', code });
  const text = `${error.message} ${error.hint}`;
  t.notRegex(text, /INTERNAL ASSERT|please report|0x[0-9a-f]{6}|checkpoint file is corrupted/i);
  return text;
}

test.serial('what forward returns: one tensor is taken, of several the one that is named', async (t) => {
  const clip = await models.clip();
  const probabilities = async (name, options) => (await models.load(t, name, options)).predict(clip);
  const agrees = async (name, options) => {
    const expected = softmax(models.answer(name));
    t.true(difference(await probabilities(name, options), expected).maximum < 1e-6, name);
  };
  await agrees('tuple', { tensor: 1 });
  await agrees('named_tuple', { tensor: 'logits' });
  await agrees('named_tuple', { tensor: 1 });
  await agrees('with_nothing', { tensor: 1 });
  await agrees('dictionary', { tensor: 'logits' });
  await agrees('list', { tensor: 0 });
  await agrees('list');
  await agrees('ones');
  await agrees('squeezed');

  const asked = await refusal(t, models.load(t, 'tuple'), 'FEP_MODEL_OUTPUT');
  t.regex(asked, /returns a tuple of 2 \(0: a tensor 1x16x4x16x16, 1: a tensor 1x5\)/);
  t.regex(asked, /--output 0 or --output 1/);
  t.regex(await refusal(t, models.load(t, 'dictionary'), 'FEP_MODEL_OUTPUT'), /--output logits/);
  t.regex(
    await refusal(t, models.load(t, 'dictionary', { tensor: 'scores' }), 'FEP_MODEL_OUTPUT'),
    /embedding.*logits/,
  );
  await t.notThrowsAsync(models.load(t, 'nested', { tensor: '1.logits' }));
  t.regex(await refusal(t, models.load(t, 'nested'), 'FEP_MODEL_OUTPUT'), /--output 0 or --output 1\.logits/);
  t.regex(await refusal(t, models.load(t, 'no_classes'), 'FEP_MODEL_OUTPUT'), /1x0, which holds no number/);
  const [warning] = (await models.load(t, 'list')).warnings;
  t.regex(warning, /returns a list of 1 .*--output 0/);
});

test.serial('several answers to one clip are averaged when asked, and only then', async (t) => {
  const clip = await models.clip();
  const average = (answers, of) => {
    const steps = answers.length / of.classes;
    return Array.from({ length: of.classes }, (_, k) => {
      let sum = 0;
      for (let s = 0; s < steps; s++) sum += answers[of.timeFirst ? s * of.classes + k : k * steps + s];
      return sum / steps;
    });
  };
  for (const [name, averageOver, timeFirst] of [
    ['along_time', 'time', true],
    ['classes_by_time', 'time', false],
    ['segments', 'segments', true],
  ]) {
    const text = await refusal(t, models.load(t, name), 'FEP_MODEL_OUTPUT');
    t.true(text.includes(`--average-over ${averageOver}`), text);
    const expected = softmax(average(models.answer(name), { classes: 5, timeFirst }));
    for (const classes of [undefined, ['a', 'b', 'c', 'd', 'e']]) {
      const model = await models.load(t, name, { averageOver, ...(classes && { classes }) });
      t.true(difference(await model.predict(clip), expected).maximum < 1e-6, name);
      const { masks } = await explain(model, clip, { method: 'ep', iterations: 2, area: [0.1, 0.3] });
      t.is(masks.length, 2);
    }
  }
});

test.serial('one number for each frame is no class of its own', async (t) => {
  const options = { averageOver: 'time', activation: 'sigmoid', classes: ['happens'] };
  const model = await models.load(t, 'score_per_frame', options);
  const scores = models.answer('score_per_frame');
  const [found] = await model.predict(await models.clip());
  t.is(model.classes, 1);
  t.true(Math.abs(found - sigmoid(scores.reduce((a, b) => a + b) / scores.length)) < 1e-6);
});

test.serial('classes that are masked out by −∞ are no sign of chance', async (t) => {
  const model = await models.load(t, 'masked');
  t.true(model.check.repeatable);
  t.is(model.check.batch, 'alike');
  const found = await model.predict(await models.clip());
  t.true(difference(found, softmax(models.answer('masked'))).maximum < 1e-6);
});

test.serial('more clips than a model takes go through one by one', async (t) => {
  const model = await models.load(t, 'at_most_four');
  t.is(model.check.batch, 'alike');
  const { masks } = await explain(model, await models.clip(), { method: 'rise', samples: 8 });
  const plain = await models.load(t, 'plain');
  const expected = await explain(plain, await models.clip(), { method: 'rise', samples: 8 });
  t.true(difference(masks[0].mask, expected.masks[0].mask).maximum < 1e-3);
});

test.serial('activation: sigmoid is a third one, and what cannot be right is refused', async (t) => {
  const clip = await models.clip();
  const predict = async (name, activation) => (await models.load(t, name, { activation })).predict(clip);
  t.true(difference(await predict('sigmoid', 'sigmoid'), models.answer('sigmoid')).maximum < 1e-6, 'its own');
  const applied = models.answer('one_output').map(sigmoid);
  t.true(difference(await predict('one_output', 'sigmoid'), applied).maximum < 1e-6, 'of one score');
  t.true(difference(await predict('clamped', 'sigmoid'), models.answer('clamped')).maximum < 1e-6, 'clamped');
  const several = models.answer('plain').map(sigmoid);
  t.true(difference(await predict('plain', 'sigmoid'), several).maximum < 1e-6, 'of several');
  t.true(difference(await predict('softmax', 'softmax'), models.answer('softmax')).maximum < 1e-6);

  for (const activation of ['logits', 'softmax']) {
    const text = await refusal(t, models.load(t, 'one_output', { activation }), 'FEP_MODEL_LOAD');
    t.regex(text, /one output.*--activation sigmoid/);
  }
  const asSoftmax = (name) => models.load(t, name, { activation: 'softmax' });
  t.regex(await refusal(t, asSoftmax('plain'), 'FEP_MODEL_LOAD'), /--activation logits/);
  t.regex(await refusal(t, asSoftmax('sigmoid'), 'FEP_MODEL_LOAD'), /--activation sigmoid/);
  t.regex(
    await refusal(t, models.load(t, 'softmax', { activation: 'sigmoid' }), 'FEP_MODEL_LOAD'),
    /--activation softmax/,
  );
  for (const name of ['softmax', 'sigmoid']) {
    const { warnings } = await models.load(t, name);
    t.regex(warnings.join('\n'), new RegExp(`look like probabilities .*--activation ${name}`));
  }
  t.deepEqual((await models.load(t, 'plain')).warnings, []);
});

test.serial('the score of a sigmoid is what the sigmoid was taken of', async (t) => {
  const clip = await models.clip();
  // plain and sigmoid have the same weights.
  const [raw, own] = [
    await models.load(t, 'plain'),
    await models.load(t, 'sigmoid', { activation: 'sigmoid' }),
  ];
  const maps = [];
  for (const model of [raw, own]) {
    maps.push((await explain(model, clip, { method: 'gradients', target: 2 })).masks[0].attribution);
  }
  const scale = Math.max(...maps[0]);
  t.true(difference(maps[0], maps[1]).maximum < 1e-4 * scale);
});

test.serial('a model that mixes clips gets them one at a time, everywhere', async (t) => {
  const clip = await models.clip();
  for (const name of ['one_for_all', 'neighbours']) {
    const model = await models.load(t, name);
    t.is(model.check.batch, 'different', name);
    t.regex(model.warnings.join('\n'), /one at a time/);
    const alone = async (options) => (await explain(model, clip, options)).masks[0];
    const settings = { method: 'ep', iterations: 3, step: 7, sigma: 11 };
    const one = await alone({ ...settings, area: 0.1 });
    const { masks } = await explain(model, clip, { ...settings, area: [0.3, 0.1] });
    t.deepEqual(masks[1].mask, one.mask, `${name}: two areas`);
    const other = { ...clip, data: clip.data.map((x) => -x) };
    const [, second] = await explainAll(model, [other, clip], { ...settings, area: 0.1 });
    t.deepEqual(second.masks[0].mask, one.mask, `${name}: two clips`);
    const kept = await model.predictPerturbed(clip, new Float32Array(3 * one.mask.length).fill(1));
    const expected = softmax(models.answer(name));
    for (let i = 0; i < 3; i++) {
      t.true(difference(kept.slice(5 * i, 5 * i + 5), expected).maximum < 1e-5, `${name}: three masks`);
    }
  }
});

test.serial(
  'a model that draws random numbers or remembers is told of, and repeats itself under a seed',
  async (t) => {
    const clip = await models.clip();
    for (const name of ['noisy', 'dropping', 'counting', 'hidden']) {
      const first = await models.load(t, name);
      t.false(first.check.repeatable, name);
      t.regex(first.warnings.join('\n'), /differently from call to call/);
      const second = await models.load(t, name);
      for (const options of [
        { method: 'ep', iterations: 3 },
        { method: 'gradients' },
        { method: 'rise', samples: 9 },
      ]) {
        const run = async (model, seed) => (await explain(model, clip, { ...options, seed })).masks[0].mask;
        const mask = await run(first, 5);
        t.deepEqual(await run(first, 5), mask, `${name}: the same model again`);
        // At once, on threads of their own: neither takes the other's numbers.
        const both = await Promise.all([run(first, 5), run(second, 5)]);
        t.deepEqual(both, [mask, mask], `${name}: two models at once`);
        if (!['counting', 'hidden'].includes(name))
          t.notDeepEqual(await run(first, 6), mask, `${name}: another seed`);
      }
    }
  },
);

test.serial(
  'a model that remembers answers every clip as its first, whatever was asked before',
  async (t) => {
    const clip = await models.clip();
    const model = await models.load(t, 'hidden');
    await model.layers();
    await model.predict({ ...clip, data: clip.data.map((x) => -x) });
    await explain(model, clip, { method: 'grad-cam', layer: 'second.conv' });
    for (let i = 0; i < 2; i++) {
      t.true(difference(await model.predict(clip), softmax(models.answer('hidden'))).maximum < 1e-6);
    }
  },
);

test.serial('weights of another format are converted to float32, and it is said', async (t) => {
  const clip = await models.clip();
  for (const [name, format, tolerance] of [
    ['float16', 'Half', 2e-3],
    ['bfloat16', 'BFloat16', 2e-2],
    ['float64', 'Double', 1e-5],
  ]) {
    const model = await models.load(t, name);
    t.is(model.file.weights, format);
    t.true(model.warnings.some((warning) => warning.includes(`${format}: they were converted to float32`)));
    t.true(difference(await model.predict(clip), softmax(models.answer(name))).maximum < tolerance, name);
    await t.notThrowsAsync(explain(model, clip, { method: 'f-ep', iterations: 2 }));
  }
  const casting = await models.load(t, 'casts_itself');
  t.true(difference(await casting.predict(clip), softmax(models.answer('plain'))).maximum < 2e-3);
});

test.serial('a GPU that the code names is read as the CPU, or is a clear word', async (t) => {
  const clip = await models.clip();
  const model = await models.load(t, 'on_gpu', { device: 'cpu' });
  t.regex(model.warnings.join('\n'), /traced on a GPU/);
  t.true(difference(await model.predict(clip), softmax(models.answer('plain'))).maximum < 1e-6);
  const text = await refusal(t, models.load(t, 'calls_cuda', { device: 'cpu' }), 'FEP_MODEL_LOAD');
  t.regex(text, /asks for a GPU.*model\.cpu\(\)/);
});

test.serial('inputs that are not one clip, answers that are no numbers', async (t) => {
  t.regex(
    await refusal(t, models.load(t, 'two_pathways'), 'FEP_MODEL_LOAD'),
    /two inputs \(slow: Tensor, fast/,
  );
  t.regex(await refusal(t, models.load(t, 'list_of_pathways'), 'FEP_MODEL_LOAD'), /pathways: List\[Tensor\]/);
  t.regex(await refusal(t, models.load(t, 'nothing'), 'FEP_MODEL_LOAD'), /NaN/);
});

test.serial('files that are something else: what they are, and how a model is made of them', async (t) => {
  const folder = temporaryFolder(t);
  const made = (name, content) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const safetensors = Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('{}')]);
  for (const [path, pattern] of [
    [models.file('state_dict'), /is a state dict .*load_state_dict\(torch\.load/],
    [models.file('old_state_dict'), /is a state dict/],
    [models.file('checkpoint.pth'), /is a training checkpoint .*\['state_dict'\]/],
    [models.file('pickled'), /is a pickled Python object \(__main__\.Net\).*weights_only=False/],
    [models.file('exported.pt2'), /is a program of torch\.export.*torch\.export\.load/],
    [models.file('optimised'), /optimize_for_inference.*torch\.jit\.script/],
    [made('m.onnx', '\x08\x08\x12\x07pytorch'), /is an ONNX model.*onnx2torch/],
    [made('m.safetensors', safetensors), /safetensors.*load_file/],
    [made('m.h5', Buffer.from('\x89HDF\r\n', 'latin1')), /HDF5/],
    [made('lfs.pt', 'version https://git-lfs.github.com/spec/v1\n'), /git lfs pull/],
    [made('page.pt', '<!DOCTYPE html><html>'), /web page/],
    [made('empty.pt', ''), /empty/],
  ]) {
    t.regex(
      await refusal(t, loadModel(path, { input: FIELD_INPUT, activation: 'logits' }), 'FEP_MODEL_LOAD'),
      pattern,
    );
  }
  made('config.json', '{}');
  made('model.safetensors', safetensors);
  t.regex(
    await refusal(t, loadModel(folder), 'FEP_MODEL_LOAD'),
    /HuggingFace.*AutoModelForVideoClassification/,
  );
});

test.serial('the command for a program of torch.export makes a model that answers alike', async (t) => {
  const error = await t.throwsAsync(loadModel(models.file('exported.pt2')));
  const [, code] = /python -c "([^"]*)"/.exec(error.hint);
  const sized = code.replace('1, 3, 16, 112, 112', '1, 3, 8, 32, 32');
  const cwd = temporaryFolder(t);
  await python(sized, { cwd });
  const model = await loadModel(join(cwd, 'model.pt'), { input: FIELD_INPUT, activation: 'logits' });
  t.teardown(() => model.dispose());
  const expected = softmax(models.answer('plain'));
  t.true(difference(await model.predict(await models.clip()), expected).maximum < 1e-6);
});

const FLAGS = ['--layout', 'NCTHW', '--frames', '8', '--size', '32', '--activation', 'logits'];

/** A run of the command line with a cache of its own. */
function cli(t, args, cache = temporaryFolder(t)) {
  // libtorch stays where it is: only notes go into the cache of the test.
  const env = {
    ...process.env,
    FEP_CACHE: cache,
    FEP_LIBTORCH: locateLibtorch().root,
    NO_COLOR: '1',
  };
  return spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', env });
}

test.serial('a check costs three passes forward at most, and is remembered', (t) => {
  const cache = temporaryFolder(t);
  const out = temporaryFolder(t);
  const args = ['explain', fileURLToPath(new URL('../models/sample.mp4', import.meta.url)), '--out', out];
  const command = [...args, ...FLAGS, '--model', models.file('talking'), '--method', 'random', '--quiet'];
  const passes = () => {
    const { stdout, status, stderr } = cli(t, [...command, '--json'], cache);
    t.is(status, 0, stderr);
    t.notThrows(() => JSON.parse(stdout), 'what a network prints is not among it');
    return stderr.split('\n').filter((line) => line.startsWith('clips:')).length;
  };
  const [first, second] = [passes(), passes()];
  t.is(first - second, 2, 'one more pass forward and backward, one of two clips');
  t.is(second, 3, 'one at load, and two that random itself takes: on the clip, on what it keeps');
});

test.serial('people see it: explain, its result, models inspect and verify', (t) => {
  const out = temporaryFolder(t);
  const sample = fileURLToPath(new URL('../models/sample.mp4', import.meta.url));
  const run = cli(t, [
    'explain',
    sample,
    '--out',
    out,
    ...FLAGS,
    '--model',
    models.file('dropping'),
    '--iterations',
    '2',
  ]);
  t.is(run.status, 0, run.stderr);
  t.regex(run.stderr, /warning: The model answers the same clip differently/);
  const { model } = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'));
  t.false(model.check.repeatable);
  t.regex(model.warnings.join(' '), /differently from call to call/);
  t.true(readFileSync(join(out, 'report.html'), 'utf8').includes('differently from call to call'));
  for (const command of ['inspect', 'verify']) {
    const { stdout, status, stderr } = cli(t, ['models', command, models.file('throws'), ...FLAGS]);
    t.is(status, 0, stderr);
    t.regex(stdout, /two clips at once +fail: clips go through one at a time/);
    t.regex(stdout, emulatesBfloat16() ? /bfloat16 +not tried: this processor/ : /bfloat16 +runs/);
    t.is(cli(t, ['models', command, models.file('recurrent'), ...FLAGS]).status, 0);
    const json = JSON.parse(
      cli(t, ['models', command, models.file('float32_only'), ...FLAGS, '--json']).stdout,
    );
    t.regex(json.check.bfloat16, emulatesBfloat16() ? /^not tried/ : /dtype/);
  }
  const tuple = cli(t, [
    'explain',
    sample,
    '--out',
    out,
    ...FLAGS,
    '--model',
    models.file('tuple'),
    '--output',
    '1',
    '--iterations',
    '2',
  ]);
  t.is(tuple.status, 0, tuple.stderr);
  const again = cli(t, ['reproduce', join(out, 'result.json')]);
  t.is(again.status, 0, again.stderr);
});

test.serial('compare leaves out what cannot explain the model, unless asked for it by name', async (t) => {
  const model = await models.load(t, 'no_grad');
  const clip = await models.clip();
  const { methods } = await compare(model, { clip }, { curveSteps: 0 });
  t.deepEqual(methods.map(({ label }) => label).sort(), ['Center', 'RISE', 'Random']);
  const asked = { methods: [{ method: 'gradients', options: {} }], curveSteps: 0 };
  t.regex(await refusal(t, compare(model, { clip }, asked), 'FEP_MODEL_GRADIENT'), /rise/);
});
