// A bench's numbers: each item against a run of its own, each cell against the mean of the items.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { explain, FepError, loadModel } from 'fep-native';
import { bench } from 'fep-native/bench';
import { heldOut, records, SMALL, SMALL_TSM } from './helpers/bench.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';

const MODELS = ['small', 'small-tsm'];
const METHODS = ['3D-EP (16/23)', 'F-EP', 'Oracle'];
const AREAS = [0.05, 0.3];
const OPTIONS = {
  models: [SMALL, SMALL_TSM],
  methods: ['ep@step=16:sigma=23', 'f-ep@step=16', 'oracle'].map((name, i) =>
    i === 1 ? { method: 'f-ep', label: 'F-EP', options: { step: 16, areaOver: 'frame' } } : name,
  ),
  area: AREAS,
  iterations: 12,
  limit: 3,
  curveSteps: 2,
  removal: 'fade-black', // quicker than a blur
  threads: 1,
};

/** One bench that all tests of this file look at. */
let out;
let result;
const seen = [];
test.before(async (t) => {
  out = temporaryFolder({ teardown: (clean) => process.once('exit', clean) });
  t.timeout(240_000);
  result = await bench({ ...OPTIONS, out, onProgress: (progress) => seen.push(progress) });
});

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const read = (name) => readFileSync(join(out, name), 'utf8');

test('items: every model, clip and method once, in that order', (t) => {
  const found = records(out);
  const expected = MODELS.flatMap((model) =>
    [0, 1, 2].flatMap((place) => METHODS.map((method) => ({ model, place, method }))),
  );
  t.deepEqual(
    found.map(({ model, place, method }) => ({ model, place, method })),
    expected,
  );
  t.like(result, { out, items: 18, computed: 18, failed: 0 });
  for (const { method, masks } of found) {
    const areas = masks.map(({ area }) => area);
    t.deepEqual(areas, method === 'Oracle' ? [null] : AREAS);
  }
  t.false(existsSync(join(out, 'errors.jsonl')));
});

test('an item is what explain finds, scored by hand', async (t) => {
  const model = await loadModel(SMALL, { threads: 1 });
  t.teardown(() => model.dispose());
  const { clip, inside, label } = heldOut(1, model.manifest.input);
  const options = { method: 'ep', step: 16, sigma: 23, area: AREAS, iterations: 12 };
  const { masks, predicted } = await explain(model, clip, options);
  const record = records(out).find(({ place, method }) => place === 1 && method === METHODS[0]);
  t.like(record, { model: 'small', label, sample: 'synthetic-2-1' });
  t.is(record.target.name, predicted.name);
  t.true(Math.abs(record.target.probability - predicted.probability) < 1e-5);
  for (const [i, { mask, probability, predicted: after }] of masks.entries()) {
    const { scores, explained } = record.masks[i];
    const close = (found, expected, what) => t.true(Math.abs(found - expected) < 1e-4, `${what}: ${found}`);
    close(explained, probability.explained, 'probability');
    close(scores.dc, Math.max(0, probability.original - probability.explained), 'DC');
    t.is(scores.correct, after.name === label);
    close(scores.realisedArea, mean([...mask]), 'area');
    const open = [...mask].map((m) => m >= 0.5);
    const box = inside.reduce((sum, value) => sum + value, 0);
    const both = inside.reduce((sum, value, v) => sum + (value && open[v] ? 1 : 0), 0);
    close(scores.stcRecall, both / box, 'STC');
    close(scores.stcPrecision, both / open.filter(Boolean).length, 'precision');
    const { length } = mask;
    t.is(scores.deletionCurve.length, 3);
    close(scores.deletionCurve[0], probability.original, 'nothing deleted');
    const order = [...mask.keys()].sort((a, b) => mask[b] - mask[a]);
    const threshold = mask[order[length / 2]];
    const tied = mask.filter((value) => value === threshold).length;
    const none = await model.predictPerturbed(clip, new Float32Array(length), {
      perturbation: 'fade-black',
    });
    close(scores.deletionCurve[2], none[predicted.index], 'all deleted');
    if (tied > 1) continue; // which of them go is up to the seed
    const half = new Float32Array(length).fill(1);
    for (const voxel of order.slice(0, length / 2)) half[voxel] = 0;
    const some = await model.predictPerturbed(clip, half, { perturbation: 'fade-black' });
    close(scores.deletionCurve[1], some[predicted.index], 'half deleted');
  }
});

test('the oracle is the box', async (t) => {
  const model = await loadModel(SMALL_TSM, { threads: 1 });
  t.teardown(() => model.dispose());
  const { clip, inside } = heldOut(2, model.manifest.input);
  const found = records(out).find(
    ({ model: name, place, method }) => name === 'small-tsm' && place === 2 && method === 'Oracle',
  );
  const [{ scores, explained }] = found.masks;
  t.like(scores, { stcRecall: 1, stcPrecision: 1, stcIou: 1, pointing: 1 });
  t.true(Math.abs(scores.realisedArea - mean([...inside])) < 1e-9);
  const original = await model.predict(clip);
  const kept = await model.predictPerturbed(clip, Float32Array.from(inside));
  const best = model.best(original);
  t.is(found.target.name, best.name);
  t.true(Math.abs(explained - kept[best.index]) < 1e-5);
});

/** Values of a score over the clips of a row. */
function valuesOf({ model, method, area }, of) {
  return records(out)
    .filter((record) => record.model === model && record.method === method)
    .map(({ masks }) => masks.find((mask) => mask.area === area || mask.area === null))
    .map(({ scores }) => of(scores));
}

test('a cell is the mean over the clips, in JSON, CSV and Markdown alike', (t) => {
  const { rows } = JSON.parse(read('table.json'));
  t.is(rows.length, AREAS.length * MODELS.length * METHODS.length);
  const [head, ...lines] = read('table.csv')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  const markdown = read('table.md').split('## Area budget ').slice(1);
  const scores = {
    dc: ({ dc }) => dc,
    accuracy: ({ correct }) => Number(correct),
    stc: ({ stcRecall }) => stcRecall,
    stcAt10: ({ stcRecallArea10 }) => stcRecallArea10,
    deletion: ({ deletion }) => deletion,
    realisedArea: ({ realisedArea }) => realisedArea,
  };
  for (const [i, row] of rows.entries()) {
    const line = lines[i];
    t.deepEqual(line.slice(0, 5), [row.model, String(row.area), row.method, String(row.control), '3']);
    for (const [name, of] of Object.entries(scores)) {
      const values = valuesOf(row, of);
      const what = `${row.model} ${row.method} ${row.area} ${name}`;
      t.true(Math.abs(row.metrics[name].mean - mean(values)) < 1e-12, what);
      t.is(row.metrics[name].n, 3);
      t.true(row.metrics[name].low >= Math.min(...values) - 1e-12, what);
      t.true(row.metrics[name].high <= Math.max(...values) + 1e-12, what);
      t.is(Number(line[head.indexOf(name)]), row.metrics[name].mean);
      t.is(Number(line[head.indexOf(`${name}Low`)]), row.metrics[name].low);
    }
    const table = markdown[AREAS.indexOf(row.area)].split('\n').filter((text) => text.startsWith('| '));
    const cells = table
      .find((text) => text.startsWith(`| ${row.method} `))
      .split('|')
      .slice(2, -1)
      .map((cell) => cell.replace(/[*_ ]/g, ''));
    const from = 3 * MODELS.indexOf(row.model);
    t.deepEqual(
      cells.slice(from, from + 3),
      ['dc', 'accuracy', 'stc'].map((name) => (100 * mean(valuesOf(row, scores[name]))).toFixed(1)),
    );
  }
  t.regex(read('table.md'), /- small-tsm is right on \d+\.\d % of the 3 clips/);
});

test('the best is bold, the second best in italics, controls are neither', (t) => {
  const { rows } = JSON.parse(read('table.json'));
  for (const section of read('table.md').split('### ').slice(1)) {
    const [, head, , ...lines] = section
      .split('\n## ')[0]
      .split('\n')
      .filter((line, i) => i === 0 || line.startsWith('|'));
    const table = lines.map((line) => line.split(' | '));
    const titles = head.split(' | ');
    const column = titles.findIndex((title) => title.startsWith('STC@10'));
    const cells = Object.fromEntries(table.map((line) => [line[0].slice(2), line[column]]));
    const model = section.slice(0, section.indexOf(','));
    const of = (method) => Number(/\d+\.\d/.exec(cells[method])[0]);
    t.regex(cells.Oracle, /^\d/, model);
    const [better, worse] = METHODS.slice(0, 2).sort((a, b) => of(b) - of(a));
    t.regex(cells[better], /^\*\*\d+\.\d \[.*\]\*\*$/);
    t.regex(cells[worse], of(better) === of(worse) ? /^\*\*/ : /^_\d+\.\d \[.*\]_$/);
  }
  t.deepEqual(
    rows.filter(({ control }) => control).map(({ method }) => method),
    Array(4).fill('Oracle'),
  );
});

test('figures, time and configuration are beside the tables', (t) => {
  for (const file of result.files) t.true(existsSync(file), file);
  const figures = result.files.filter((file) => file.endsWith('.svg'));
  t.is(figures.length, 2 * MODELS.length * AREAS.length);
  const svg = read('deletion-small-tsm-area-0.3.svg');
  const { rows } = JSON.parse(read('table.json'));
  for (const { method, metrics } of rows.filter(({ model, area }) => model === 'small-tsm' && area === 0.3)) {
    t.true(svg.includes(`>${method}  ${metrics.deletion.mean.toFixed(3)}<`), method);
  }
  const timing = JSON.parse(read('timing.json')).rows;
  t.deepEqual(
    timing.map(({ model, method, clips }) => [model, method, clips]),
    MODELS.flatMap((model) => METHODS.map((method) => [model, method, 3])),
  );
  t.true(timing.every(({ seconds, scoringSeconds }) => seconds > 0 && scoringSeconds > 0));
  t.false(read('table.md').includes('econds'), 'time would differ from run to run');
  const config = JSON.parse(read('config.json'));
  t.is(config.methods[1].resolved['small-tsm'].areaOver, 'frame');
  t.is(config.methods[1].resolved['small-tsm'].modulation.highRatio, 0.1);
  t.is(config.methods[1].resolved.small.modulation.highRatio, 0.2);
  t.regex(config.models[0].sha256, /^[0-9a-f]{64}$/);
});

test('progress counts items and guesses the time left', (t) => {
  t.like(seen[0], { done: 0, total: 18, model: MODELS[0], method: METHODS[0], secondsLeft: null });
  t.like(seen.at(-1), { done: 18, total: 18, fraction: 1, secondsLeft: 0 });
  const done = seen.map((progress) => progress.done);
  t.deepEqual(
    done,
    done.toSorted((a, b) => a - b),
  );
  t.true(seen.some(({ fraction }) => fraction > 0 && fraction < 1));
  t.true(seen.slice(1).some(({ secondsLeft }) => secondsLeft > 0));
});

test('what makes no bench is refused before anything is written', async (t) => {
  const out = join(temporaryFolder(t), 'out');
  const refused = async (options, message, code = 'FEP_USAGE') => {
    const error = await t.throwsAsync(bench({ ...OPTIONS, ...options, out }), { message });
    t.true(error instanceof FepError);
    t.is(error.code, code);
  };
  await refused({ iteratons: 3 }, /iteratons/);
  await refused({ area: 2 }, /area/);
  await refused({ models: ['nothing'] }, /nothing/, 'FEP_MODEL_NOT_FOUND');
  await refused({ models: ['tsm-mini', 'tsm-mini'] }, /two rows for the model tsm-mini/);
  await refused({ methods: ['ep', 'ep'] }, /two rows for the method 3D-EP/);
  await refused({ methods: ['ep@low-ratio=0.5'] }, /lowRatio/);
  await refused({ methods: [{ method: 'oracle', options: { step: 3 } }] }, /oracle takes no options/);
  await refused({ shard: { index: 3, of: 2 } }, /no shard/);
  await refused({ classes: ['nonsense'] }, /nonsense/);
  t.false(existsSync(out));
});
