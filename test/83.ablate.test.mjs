// The ablation of r_l and r_h: its settings, what it selects, and what it says of a setting for each clip.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { ablate } from 'fep-native/bench';
import { settingsOf } from '../dist/ablate/settings.js';
import { cli, records, SMALL } from './helpers/bench.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';

const OPTIONS = {
  models: [SMALL],
  lowRatios: [0.2, 0.7],
  highRatios: [0, 0.3],
  iterations: 4, // settings differ by then, and rounding has hardly been amplified
  limit: 3,
  curveSteps: 2,
  removal: 'fade-black', // quicker than a blur
  threads: 1,
  step: 16,
};
const CELLS = ['F-EP 0.2/0', 'F-EP 0.2/0.3', 'F-EP 0.7/0', 'F-EP 0.7/0.3'];

let out;
let result;
test.before(async (t) => {
  t.timeout(240_000);
  out = temporaryFolder({ teardown: (clean) => process.once('exit', clean) });
  result = await ablate({ ...OPTIONS, out, select: true, perSample: true });
});

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** A score of a row's clips, in their order. */
const scores = (method, of) =>
  records(out)
    .filter((record) => record.method === method)
    .map(({ masks: [mask] }) => of(mask.scores));
const stcAt10 = ({ stcRecallArea10 }) => stcRecallArea10;

test('the settings of the supplement, and those of a grid', (t) => {
  const ratios = (grid) =>
    settingsOf({ domains: ['parameters'], ...grid }).map(({ lowRatio, highRatio }) => [lowRatio, highRatio]);
  const supplement = ratios({});
  t.is(supplement.length, 26);
  t.deepEqual(
    supplement.filter(([, high]) => high === 0).map(([low]) => low),
    [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8],
  );
  t.deepEqual(
    supplement.filter(([low]) => low === 0.4).map(([, high]) => high),
    [0, 0.1, 0.2, 0.3, 0.4, 0.5],
  );
  t.deepEqual(ratios({ lowRatios: [0, 0.7], highRatios: [0, 0.3, 0.4] }), [
    [0, 0.3],
    [0, 0.4],
    [0.7, 0],
    [0.7, 0.3],
  ]);
  t.deepEqual(
    settingsOf({ lowRatios: [0.5], domains: ['parameters', 'mask'] }).map(({ label }) => label),
    ['F-EP 0.5/0 parameters', 'F-EP 0.5/0 mask'],
  );
});

test('a cut-off along time of its own is tried beside every setting', async (t) => {
  const cells = settingsOf({
    lowRatios: [0.5, 0.7],
    domains: ['mask'],
    temporal: [
      [1, 0],
      [0.6, 0.5],
      [0.2, 0.1],
    ],
  });
  t.deepEqual(
    cells.map(({ label }) => label),
    [
      'F-EP 0.5/0',
      'F-EP 0.7/0',
      ...[1, 0.2].flatMap((low) => [0.5, 0.7].map((r) => `F-EP ${r}/0 (T ${low}/${low === 1 ? 0 : 0.1})`)),
    ],
    'ratios of more than 1 together are left out',
  );
  const folder = join(temporaryFolder(t), 'out');
  const { stdout, status, stderr } = await cli([
    'ablate',
    '--low-ratios',
    '0.5',
    '--temporal',
    '1/0',
    '--iterations',
    '3',
    '--limit',
    '1',
    '--curve-steps',
    '0',
    '--out',
    folder,
    '--quiet',
    '--select',
    '--removal',
    'fade-black',
  ]);
  t.is(status, 0, stderr);
  t.regex(stdout, /--low-ratio 0\.5/);
  t.regex(
    readFileSync(join(folder, 'ablation.md'), 'utf8'),
    /### F-EP on parameters, r_l\/r_h 1\/0 along time, without/,
  );
  const { options, methods } = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'));
  t.is(options.difficulty, 'hard', 'the default of synthetic clips here');
  const { modulation } = methods.find(({ label }) => label === 'F-EP 0.5/0 (T 1/0)').resolved[
    'r2plus1d-mini'
  ];
  t.like(modulation, { lowRatio: 0.5, highRatio: 0, temporalLowRatio: 1, temporalHighRatio: 0 });
  for (const bad of ['1', '1/0/0', 'a/b']) {
    const refused = await cli(['ablate', '--temporal', bad, '--out', folder]);
    t.is(refused.status, 2, bad);
    t.regex(refused.stderr, /LOW\/HIGH|number/);
  }
});

test('courses and grids are tried with every setting, next to 3D-EP and STEP on each grid', async (t) => {
  const trial = {
    lowRatios: [0.3],
    domains: ['parameters'],
    courses: ['constant', [0, 0]],
    grids: [
      { step: 16, sigma: 9 },
      { step: 12, sigma: 9 },
    ],
  };
  const labels = settingsOf(trial).map(({ label }) => label);
  t.deepEqual(labels, [
    'F-EP 0.3/0 constant step 16/9',
    'F-EP 0.3/0 course 0/0 step 16/9',
    'F-EP 0.3/0 constant step 12/9',
    'F-EP 0.3/0 course 0/0 step 12/9',
  ]);
  const folder = join(temporaryFolder(t), 'out');
  const what = ['--low-ratios', '0.3', '--courses', 'constant,0/0', '--grids', '16/9,12/9'];
  const run = ['--model', SMALL, '--iterations', '4', '--limit', '2', '--curve-steps', '0', '--threads', '1'];
  const args = ['ablate', ...what, ...run, '--out', folder, '--quiet', '--removal', 'fade-black', '--select'];
  const { stdout, status, stderr } = await cli([...args, '--preset', 'paper']);
  t.is(status, 0, stderr);
  const masks = (method) =>
    records(folder)
      .filter((record) => record.method === method)
      .map(({ masks: [mask] }) => mask.scores.realisedArea);
  const away = (one, other) => Math.max(...masks(one).map((value, i) => Math.abs(value - masks(other)[i])));
  for (const grid of ['step 16/9', 'step 12/9']) {
    const open = away(`F-EP 0.3/0 course 0/0 ${grid}`, `3D-EP ${grid}`);
    t.true(open < 1e-4, `bands that are open from the start keep every frequency: ${open}`);
    const constant = away(`F-EP 0.3/0 constant ${grid}`, `3D-EP ${grid}`);
    t.true(constant > 2e-3, `and constant bands do not: ${constant}`);
  }
  t.true(away('3D-EP step 16/9', '3D-EP step 12/9') > 2e-3);

  const { selections } = JSON.parse(readFileSync(join(folder, 'selection.json'), 'utf8'));
  const { cell, ep } = selections[0];
  const beside = records(folder).filter(({ method }) => method === cell.baselines.ep);
  const expected = mean(beside.map(({ masks: [mask] }) => stcAt10(mask.scores)));
  t.true(Math.abs(ep.mean - expected) < 1e-12, 'compared with 3D-EP on its own grid');
  const course = cell.course === 'constant' ? 'constant' : 'coarse-to-fine --course-begin 0 --course-end 0';
  t.true(
    stdout.includes(
      `small at 10.0 %: --preset paper --low-ratio 0.3 --high-ratio 0 --domain parameters --course ${course} ` +
        `--step ${cell.grid.step} --sigma ${cell.grid.sigma} (STC@10`,
    ),
    stdout,
  );
  const markdown = readFileSync(join(folder, 'ablation.md'), 'utf8');
  for (const where of ['step 16/9, constant', 'step 16/9, course 0/0', 'step 12/9, constant']) {
    t.true(markdown.includes(`### F-EP on parameters, ${where}, without high frequencies`), where);
  }
  t.true(existsSync(join(folder, 'ablation-stc-small-parameters-step-12-9-course-0-0-area-0.1.svg')));

  for (const [flags, message] of [
    [['--grids', '7'], /STEP\/SIGMA/],
    [['--grids', '0/3'], /grids/],
    [['--grids', '7/11', '--step', '7'], /grids names step and sigma/],
    [['--courses', 'linear'], /constant or BEGIN\/END/],
    [['--courses', '0.7/0.2'], /cannot be open at 0\.2 of the run before they begin to open at 0\.7/],
  ]) {
    const refused = await cli(['ablate', ...flags, '--low-ratios', '0.5', '--out', join(folder, 'no')]);
    t.is(refused.status, 2, flags.join(' '));
    t.regex(refused.stderr, message);
  }
});

test('r_l + r_h = 1 is 3D-EP, and other settings are not', (t) => {
  t.like(result, { items: 18, computed: 18, failed: 0 });
  const area = (method) => scores(method, ({ realisedArea }) => realisedArea);
  const away = (method) => Math.max(...area(method).map((value, i) => Math.abs(value - area('3D-EP')[i])));
  t.true(away('F-EP 0.7/0.3') < 1e-3, `${away('F-EP 0.7/0.3')}`);
  for (const method of CELLS.slice(0, 3)) t.true(away(method) > 5e-3, method);
});

test('selects by STC@10 on the validation split', (t) => {
  const means = CELLS.map((method) => mean(scores(method, stcAt10)));
  const best = means.indexOf(Math.max(...means));
  const [{ cell, stcAt10: own, ep, gain, model, area }] = result.selections;
  t.deepEqual([model, area, cell.label], ['small', 0.1, CELLS[best]]);
  t.true(Math.abs(own.mean - means[best]) < 1e-12);
  const baseline = scores('3D-EP', stcAt10);
  t.true(Math.abs(ep.mean - mean(baseline)) < 1e-12);
  t.true(Math.abs(gain.mean - (means[best] - mean(baseline))) < 1e-12);
  t.is(gain.n, 3);
  const saved = JSON.parse(readFileSync(join(out, 'selection.json'), 'utf8'));
  t.deepEqual(saved.selections, result.selections);
  t.true(
    records(out).every(({ sample }) => /^synthetic-2-100000\d$/.test(sample)),
    'no clip of the test split',
  );
});

test('a setting for each clip: what it gains, by the model and by the boxes', (t) => {
  const all = CELLS.map((method) => scores(method, (score) => score));
  const clips = [0, 1, 2].map((i) => all.map((row) => row[i]));
  const [{ fixed, byModel, byBoxes, seconds }] = result.perSample;
  const expected = clips.map((cells) => {
    const faith = cells.map(({ insertion, deletion }) => insertion - deletion);
    return cells[faith.indexOf(Math.max(...faith))].stcRecallArea10;
  });
  t.true(Math.abs(byModel.mean - mean(expected)) < 1e-12);
  const bound = clips.map((cells) => Math.max(...cells.map(stcAt10)));
  t.true(Math.abs(byBoxes.mean - mean(bound)) < 1e-12);
  t.is(fixed.mean, result.selections[0].stcAt10.mean);
  t.true(seconds.all > seconds.fixed && seconds.fixed > 0);
});

test('the tables and the figure of the paper', (t) => {
  const markdown = readFileSync(join(out, 'ablation.md'), 'utf8');
  const [low, both] = markdown.split('### ').slice(1);
  t.regex(
    low,
    /^F-EP on parameters, without high frequencies\n\n\| r_l \| 0\.2 \| 0\.7 \|\n.*\n\| r_h \| 0 \| 0 \|/,
  );
  t.regex(
    both,
    /^F-EP on parameters, low and high frequencies, r_l = 0\.2, 0\.7\n\n\| r_l \| 0\.2 \| 0\.7 \|/,
  );
  const line = low.split('\n').find((text) => text.startsWith('| STC@10 '));
  const shown = [0, 2].map((i) => (100 * mean(scores(CELLS[i], stcAt10))).toFixed(1));
  const best = String(Math.max(...shown.map(Number)).toFixed(1));
  t.is(line, `| STC@10 | ${shown.map((value) => (value === best ? `**${value}**` : value)).join(' | ')} |`);
  const svg = readFileSync(join(out, 'ablation-stcAt10-small-parameters-area-0.1.svg'), 'utf8');
  for (const method of [...CELLS, '3D-EP']) {
    const value = (100 * mean(scores(method, stcAt10))).toFixed(1);
    t.true(svg.includes(`>${value}<`), `${method} ${value}`);
  }
  for (const file of result.files) t.true(existsSync(file), file);
});

test('ablate goes on where it was, and refuses what makes no grid', async (t) => {
  const args = [
    'ablate',
    '--model',
    SMALL,
    '--low-ratios',
    '0.2,0.7',
    '--high-ratios',
    '0,0.3',
    '--iterations',
    '4',
  ];
  const some = ['--limit', '3', '--curve-steps', '2', '--removal', 'fade-black', '--step', '16'];
  const more = [...some, '--threads', '1', '--out', out];
  const { status, stdout, stderr } = await cli([...args, ...more, '--select', '--quiet']);
  t.is(status, 0, stderr);
  t.regex(stdout, /^18 items, 0 computed in this run\.\nsmall at 10\.0 %: --low-ratio 0\.\d --high-ratio/);
  const other = await cli([...args, ...more, '--quiet']);
  t.is(other.status, 2);
  t.regex(other.stderr, /split: validation → not set/);
  const wrong = (options) =>
    t.throwsAsync(ablate({ ...options, out: join(out, 'x') }), { code: 'FEP_USAGE' });
  await wrong({ lowRatios: [0] });
  await wrong({ lowRatios: [1.2] });
  await wrong({ methods: ['ep'] });
  t.false(existsSync(join(out, 'x')));
});
