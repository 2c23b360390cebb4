// Models: what is refused and how, what they predict, precision, activation, disposal.
import { copyFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { explain, FepError, findModel, loadModel, readClip, shippedModels } from 'fep-native';
import { SMALL_TSM } from './helpers/bench.mjs';
import { difference, GOLDEN, golden, goldenClip, softmax, TINY, tiny } from './helpers/golden.mjs';
import { temporaryFolder, zip } from './helpers/libtorch.mjs';
import { exported } from './helpers/python.mjs';

const SAMPLE = fileURLToPath(new URL('../models/sample.mp4', import.meta.url));

/** A copy of tiny.pt in a folder of its own, so that a manifest can lie beside it. */
function copyOfTiny(t, manifest) {
  const folder = temporaryFolder(t);
  const path = join(folder, 'copy.pt');
  copyFileSync(golden('tiny.pt'), path);
  if (manifest !== undefined) writeFileSync(join(folder, 'copy.json'), JSON.stringify(manifest));
  return path;
}

const manifest = (more = {}) => ({
  name: 'copy',
  input: TINY.input,
  output: { activation: 'logits' },
  ...more,
});

async function refuse(t, promise, code, pattern, what) {
  const error = await t.throwsAsync(promise, { instanceOf: FepError }, what);
  t.is(error.code, code, `${what ?? ''} ${error.message}`);
  if (pattern) t.regex(`${error.message}\n${error.hint}`, pattern, what);
  return error;
}

test.serial('every form is the same function', async (t) => {
  const forms = [
    {},
    { foldBatchNorm: true },
    { memoryFormat: 'contiguous' },
    { foldBatchNorm: true, memoryFormat: 'contiguous', optimiseGraph: true },
    { foldBatchNorm: true, memoryFormat: 'channels-last' },
    { memoryFormat: 'channels-last', optimiseGraph: true },
    { foldBatchNorm: true, memoryFormat: 'channels-last', winograd: true },
  ];
  for (const name of ['r2plus1d-mini', 'tsm-mini']) {
    const models = await Promise.all(forms.map((form) => loadModel(name, form)));
    const clip = await readClip(SAMPLE, models[0].manifest.input);
    const [plain, folded, ...others] = await Promise.all(models.map((model) => model.predict(clip)));
    for (const found of [folded, ...others]) t.true(difference(found, plain).maximum < 1e-5, name);
    t.notDeepEqual(folded, plain, 'rounding says that something was folded');
    // Exported channels last. What TSM's graph lays out so itself stays so, wherever its weights lie.
    const wasMoved = name === 'r2plus1d-mini';
    if (wasMoved) t.notDeepEqual(others[0], plain, 'and that weights were moved');
    const maps = await Promise.all(models.map((model) => explain(model, clip, { method: 'gradients' })));
    // Ten probabilities may round alike by chance; thousands of gradients do not.
    const [channelsLast, , byWinograd] = maps.slice(4).map(({ masks: [{ attribution }] }) => attribution);
    t.notDeepEqual(byWinograd, channelsLast, 'and that convolutions are Winograd’s');
    for (const [{ mask }] of maps.map(({ masks }) => masks)) {
      const { mean } = difference(mask, maps[0].masks[0].mask);
      t.true(mean < 1e-3, `${name}: gradients ${mean}`);
    }
    for (const model of models) model.dispose();
  }
});

test.serial('tune takes a form that agrees, and remembers it', async (t) => {
  const before = process.env.FEP_CACHE;
  process.env.FEP_CACHE = temporaryFolder(t);
  t.teardown(() => {
    if (before === undefined) delete process.env.FEP_CACHE;
    else process.env.FEP_CACHE = before;
  });
  const notes = () => readdirSync(join(process.env.FEP_CACHE, 'forms'));
  const load = async (options) => {
    const model = await loadModel(SMALL_TSM, options);
    const clip = await readClip(SAMPLE, model.manifest.input);
    const found = { form: model.form, probabilities: await model.predict(clip) };
    model.dispose();
    return found;
  };
  const plain = await load({});
  const trials = [];
  const tuned = await load({ tune: true, onTuning: (tuning) => trials.push(tuning) });
  t.true(trials.length >= 3);
  const exported = { foldBatchNorm: false, memoryFormat: 'exported', winograd: false, optimiseGraph: false };
  t.like(trials[0], { tried: exported, fastest: exported, gain: 1, mostSeconds: 60 });
  t.true(trials.every(({ seconds, gain }, i) => i === 0 || (seconds >= trials[i - 1].seconds && gain >= 1)));
  t.true(difference(tuned.probabilities, plain.probabilities).maximum < 1e-5);
  t.is(notes().length, 1);
  t.deepEqual(await load(tuned.form), tuned, 'the form alone gives the same bits');

  const note = join(process.env.FEP_CACHE, 'forms', notes()[0]);
  const other = { foldBatchNorm: false, memoryFormat: 'contiguous', winograd: false, optimiseGraph: false };
  writeFileSync(note, JSON.stringify(other));
  const again = await load({ tune: true, onTuning: () => t.fail() });
  t.deepEqual(again.form, other, 'what was noted is not measured again');
  writeFileSync(note, 'spoilt');
  t.truthy((await load({ tune: true })).form, 'a spoilt note is');
  t.notDeepEqual(readFileSync(note, 'utf8'), 'spoilt');
  await load({ tune: true, threads: 3 });
  t.is(notes().length, 2, 'another number of threads is another question');
});

test.serial('the number of threads of one model is not that of the next', async (t) => {
  const load = async (options) => {
    const model = await loadModel('tsm-mini', options);
    model.dispose();
    return model.threads;
  };
  const before = await load({});
  t.is(await load({ threads: before + 1 }), before + 1);
  t.is(await load({}), before);
});

test('a form that does not exist is refused, and one beside tune', async (t) => {
  await refuse(t, loadModel('tsm-mini', { memoryFormat: 'NHWC' }), 'FEP_USAGE', /memoryFormat/);
  await refuse(t, loadModel('tsm-mini', { optimiseGraph: 1 }), 'FEP_USAGE', /optimiseGraph/);
  await refuse(t, loadModel('tsm-mini', { winograd: true, precision: 'bfloat16' }), 'FEP_USAGE', /float32/);
  await refuse(t, loadModel('tsm-mini', { tune: true, foldBatchNorm: true }), 'FEP_USAGE', /foldBatchNorm/);
});

test('a model that is being tuned can be given up', async (t) => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 200);
  const start = Date.now();
  const loading = loadModel('tsm-mini', { tune: true, threads: 1, signal: stop.signal });
  await refuse(t, loading, 'FEP_ABORTED');
  t.true(Date.now() - start < 10_000);
});

test('what is no TorchScript archive is refused', async (t) => {
  const folder = temporaryFolder(t);
  const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
  const files = {
    'text.pt': 'not a model\n',
    'empty.pt': '',
    'picture.pt': png,
    'zip.pt': zip({ 'readme.txt': 'no model in here' }),
    'state.pt': zip({ 'state/data.pkl': 'nonsense', 'state/version': '3\n' }),
  };
  for (const [name, bytes] of Object.entries(files)) {
    writeFileSync(join(folder, name), bytes);
    const error = await refuse(t, loadModel(join(folder, name), TINY), 'FEP_MODEL_LOAD', /TorchScript/, name);
    t.true(error.message.includes(join(folder, name)));
  }
});

test('a truncated archive is refused wherever it is cut', async (t) => {
  const { length } = readFileSync(golden('tiny.pt'));
  for (const rest of [1, 100, Math.floor(length / 2), length - 1000, length - 22, length - 1]) {
    const path = copyOfTiny(t);
    truncateSync(path, rest);
    await refuse(t, loadModel(path, TINY), 'FEP_MODEL_LOAD', /damaged/, `${rest} of ${length} bytes`);
  }
});

test('an archive whose weights are damaged is refused', async (t) => {
  const bytes = readFileSync(golden('tiny.pt'));
  const at = bytes.indexOf('data.pkl') + 100;
  bytes.fill(0xff, at, at + 200);
  const path = join(temporaryFolder(t), 'damaged.pt');
  writeFileSync(path, bytes);
  await refuse(t, loadModel(path, TINY), 'FEP_MODEL_LOAD', /damaged/);
});

test('an input that the model does not take is refused', async (t) => {
  const wrong = { ...TINY, input: { ...TINY.input, layout: 'NTCHW' } };
  await refuse(t, loadModel(golden('tiny.pt'), wrong), 'FEP_MODEL_LOAD', /1x16x3x64x64 \(layout NTCHW\)/);
});

test('a missing model is not found', async (t) => {
  await refuse(
    t,
    loadModel('no-such-model'),
    'FEP_MODEL_NOT_FOUND',
    /r2plus1d-mini, transformer-mini, tsm-mini/,
  );
  await refuse(t, loadModel(join(temporaryFolder(t), 'gone.pt')), 'FEP_MODEL_NOT_FOUND', /gone\.pt/);
  await refuse(t, loadModel(temporaryFolder(t)), 'FEP_MODEL_NOT_FOUND');
});

test('a bare file needs the flags that only its user knows', async (t) => {
  const path = copyOfTiny(t);
  const all = await refuse(t, loadModel(path), 'FEP_USAGE', /no manifest/);
  t.regex(all.hint, /--layout --frames --size --activation/);
  const { height: _, ...input } = TINY.input;
  const one = await refuse(t, loadModel(path, { ...TINY, input }), 'FEP_USAGE');
  t.regex(one.hint, /^Add --size \(/);
  await t.notThrowsAsync(findModel(path, TINY));
});

test('a reference is for clips of its own size', async (t) => {
  const reference = async (input) => (await findModel('r2plus1d-mini', { input })).manifest.reference;
  t.truthy(await reference({ frames: 16, mean: [0, 0, 0] }));
  for (const input of [{ frames: 8 }, { height: 96, width: 96 }]) t.is(await reference(input), undefined);
  const model = await loadModel('r2plus1d-mini', { input: { frames: 8 } });
  t.is(
    (await model.predict(await readClip('models/sample.mp4', model.manifest.input))).length,
    model.classes,
  );
  model.dispose();
});

test('a manifest that is not valid names its fields', async (t) => {
  const bad = manifest({ input: { ...TINY.input, layout: 'THWC', frames: 0 } });
  await refuse(t, loadModel(copyOfTiny(t, bad)), 'FEP_MODEL_LOAD', /input\.layout[\s\S]*input\.frames/);
  const typo = manifest({ archtecture: 'x' });
  await refuse(t, loadModel(copyOfTiny(t, typo)), 'FEP_MODEL_LOAD', /archtecture/);
  const path = copyOfTiny(t);
  writeFileSync(path.replace(/\.pt$/, '.json'), '{ not json');
  await refuse(t, loadModel(path), 'FEP_MODEL_LOAD', /not JSON/);
});

test('a model that answers otherwise than its manifest says is refused', async (t) => {
  const wrong = { seed: 7, logits: [1, 2, 3, 4, 5, 6, 7, 8] };
  await refuse(t, loadModel(copyOfTiny(t, manifest({ reference: wrong }))), 'FEP_MODEL_REFERENCE', /off by/);
  const short = { seed: 7, logits: [1, 2, 3] };
  await refuse(
    t,
    loadModel(copyOfTiny(t, manifest({ reference: short }))),
    'FEP_MODEL_REFERENCE',
    /reference has 3/,
  );
});

test('a manifest that names another number of classes is refused', async (t) => {
  const wrong = manifest({ output: { activation: 'logits', classes: ['a', 'b'] } });
  await refuse(t, loadModel(copyOfTiny(t, wrong)), 'FEP_MODEL_LOAD', /8 outputs.*2 classes/);
});

test('options win over a manifest, a manifest over nothing', async (t) => {
  const classes = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  const path = copyOfTiny(t, manifest({ output: { activation: 'logits', classes } }));
  t.deepEqual((await findModel(path)).manifest.output.classes, classes);
  const other = [...classes].reverse();
  const model = await loadModel(path, { classes: other });
  t.teardown(() => model.dispose());
  t.is(model.className(0), 'h');
  t.is(model.classIndex('h'), 0);
  t.is(model.classIndex(3), 3);
  t.is(t.throws(() => model.classIndex('z')).code, 'FEP_USAGE');
  t.is(t.throws(() => model.classIndex(8)).code, 'FEP_USAGE');
});

test('devices that are not there', async (t) => {
  await refuse(t, loadModel(golden('tiny.pt'), { ...TINY, device: 'toaster' }), 'FEP_USAGE', /toaster/);
  await refuse(
    t,
    loadModel(golden('tiny.pt'), { ...TINY, device: 'cpu', precision: 'tf32' }),
    'FEP_USAGE',
    /tf32/,
  );
});

test('probabilities are the softmax of the golden logits', async (t) => {
  const model = await tiny(t);
  const probabilities = await model.predict(await goldenClip(model));
  t.is(model.classes, 8);
  const { maximum } = difference(probabilities, softmax(GOLDEN.logits));
  t.true(maximum <= 1e-5, `off by ${maximum}`);
  t.like(model.best(probabilities), { index: GOLDEN.target, name: `class ${GOLDEN.target}` });
});

test('the shipped models load and reproduce their reference', async (t) => {
  t.deepEqual(
    shippedModels().map(({ name }) => name),
    ['r2plus1d-mini', 'transformer-mini', 'tsm-mini'],
  );
  for (const { name, path } of shippedModels()) {
    const model = await loadModel(name); // which checks the reference
    const { manifest: found, classes } = model;
    model.dispose();
    t.is(found.name, name);
    t.is(found.reference.logits.length, classes);
    // It was checked: with one number of the reference changed, the same file is refused.
    const copy = join(temporaryFolder(t), 'copy.pt');
    copyFileSync(path, copy);
    const logits = found.reference.logits.map((logit, i) => (i === 3 ? logit + 0.105 : logit));
    const changed = { ...found, reference: { ...found.reference, logits } };
    writeFileSync(copy.replace(/\.pt$/, '.json'), JSON.stringify(changed));
    await refuse(t, loadModel(copy), 'FEP_MODEL_REFERENCE', /off by 0\.10/, name);
  }
});

test('disposing twice is fine, use afterwards is refused', async (t) => {
  const model = await loadModel(golden('tiny.pt'), TINY);
  const clip = await goldenClip(model);
  model.dispose();
  t.notThrows(() => model.dispose());
  t.true(model.native.disposed);
  t.is(model.classes, 8, 'what was known stays known');
  await refuse(t, model.predict(clip), 'FEP_DISPOSED');
  await refuse(t, explain(model, clip, { iterations: 1 }), 'FEP_DISPOSED');
});

test('bfloat16 predicts the same class, nearly as surely', async (t) => {
  const model = await tiny(t, { precision: 'bfloat16' });
  const probabilities = await model.predict(await goldenClip(model));
  const exact = softmax(GOLDEN.logits);
  t.is(model.best(probabilities).index, GOLDEN.target);
  const { maximum } = difference(probabilities, exact);
  t.true(maximum <= 0.02, `off by ${maximum}`);
  t.true(maximum > 1e-6, 'the arithmetic is another one');
});

test.serial(
  'bfloat16 folds before it rounds: its gradients are closer to float32 than the exported form',
  async (t) => {
    for (const name of ['r2plus1d-mini', 'tsm-mini']) {
      const gradients = [];
      for (const options of [{}, { precision: 'bfloat16', foldBatchNorm: true }, { precision: 'bfloat16' }]) {
        const model = await loadModel(name, options);
        const clip = await readClip(SAMPLE, model.manifest.input);
        gradients.push((await explain(model, clip, { method: 'gradients' })).masks[0].attribution);
        model.dispose();
      }
      const [exact, folded, exported] = gradients;
      const [off, offExported] = [folded, exported].map((found) => difference(found, exact).mean);
      t.true(off < 0.9 * offExported, `${name}: ${off} and ${offExported}`);
    }
  },
);

test('softmax is never taken twice: outputs declared as softmax come back as they are', async (t) => {
  const path = copyOfTiny(t, manifest({ output: { activation: 'softmax' } }));
  const made = await exported((into) => ['softmax_model.py', golden('tiny.pt'), join(into, 'softmax.pt')]);
  copyFileSync(join(made, 'softmax.pt'), path);
  const bare = join(temporaryFolder(t), 'bare.pt');
  copyFileSync(path, bare);
  const byOption = await loadModel(bare, { ...TINY, activation: 'softmax' });
  const bySidecar = await loadModel(path);
  for (const model of [byOption, bySidecar]) {
    t.teardown(() => model.dispose());
    const found = await model.predict(await goldenClip(model));
    const { maximum } = difference(found, softmax(GOLDEN.logits));
    t.true(maximum <= 1e-6, `off by ${maximum}`);
  }
});

test('a clip of another shape is refused with both shapes', async (t) => {
  const model = await tiny(t);
  const clip = await goldenClip(model);
  const half = { ...clip, frames: 8, data: clip.data.slice(0, clip.data.length / 2) };
  await refuse(t, explain(model, half, { iterations: 1 }), 'FEP_SHAPE', /3x8x64x64.*3x16x64x64/);
  await refuse(t, model.predict(half), 'FEP_SHAPE');
  await refuse(t, explain(model, { ...clip, data: half.data }, { iterations: 1 }), 'FEP_SHAPE');
});
