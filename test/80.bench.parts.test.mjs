// What a bench is made of: the journal that survives a kill, methods and their labels, differences, time left.
import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { resolveConfig } from 'fep-native';
import { clipsOf, selectClips } from '../dist/bench/kept/selectClips.js';
import { Journal, readJournal } from '../dist/bench/run/journal.js';
import { RemainingTime } from '../dist/bench/run/remaining.js';
import { describeDifference, differences } from '../dist/bench/settings/differences.js';
import { parseBenchOptions } from '../dist/bench/settings/options.js';
import { isInShard, shardFile, shardOfFile } from '../dist/bench/settings/shard.js';
import { csv } from '../dist/bench/table/csv.js';
import { duration } from '../dist/cli/duration.js';
import { labelOf } from '../dist/evaluate/labels.js';
import { parseMethod } from '../dist/evaluate/parseMethod.js';
import { findModel } from '../dist/model/findModel.js';
import { temporaryFolder } from './helpers/libtorch.mjs';

/** Opens a journal, appends, closes; returns what was in it before. */
function journal(path, ...lines) {
  const file = new Journal(path);
  for (const line of lines) file.append(line);
  file.close();
  return file.lines;
}

test('the records behind docs/results.md are of configurations that are still what they were', async (t) => {
  const archive = fileURLToPath(new URL('../bench/results/records.tar.gz', import.meta.url));
  let compared = 0;
  for (const model of ['r2plus1d-mini', 'tsm-mini']) {
    const { manifest } = await findModel(model);
    for (const name of ['comparison', 'selection', 'other-domain', 'budgets']) {
      const file = `results/${name}-${model}/config.json`;
      const { stdout } = spawnSync('tar', ['-xzOf', archive, file], { encoding: 'utf8' });
      for (const { label, options, resolved } of JSON.parse(stdout).methods) {
        if (resolved[model] === null) continue; // the oracle
        const now = JSON.parse(JSON.stringify(resolveConfig(options, manifest)));
        t.deepEqual(now, resolved[model], `${file}: ${label}`);
        compared++;
      }
    }
  }
  t.true(compared > 40);
});

test('synthetic clips are hard unless said otherwise, and masks may be made for a share of the frame', (t) => {
  t.is(parseBenchOptions({}).difficulty, 'hard');
  t.is(parseBenchOptions({ difficulty: 'easy' }).difficulty, 'easy');
  t.is(parseBenchOptions({ data: 'folder:x' }).difficulty, undefined);
  t.is(parseBenchOptions({ areaOver: 'frame' }).areaOver, 'frame');
});

test('the rows that nobody named: F-EP as explain has it, and with its published settings', (t) => {
  const rows = (options) =>
    parseBenchOptions(options)
      .methods.filter(({ method }) => method === 'f-ep')
      .map((entry) => [labelOf(entry), entry.options.preset]);
  const both = [
    ['F-EP', undefined],
    ['F-EP (paper)', 'paper'],
  ];
  t.deepEqual(rows({}), both);
  t.deepEqual(rows({ area: 0.05, seed: 1 }), both);
  // Whoever names a preset, or says how masks are searched, means one F-EP.
  for (const options of [{ preset: 'paper' }, { preset: 'quick' }, { iterations: 10 }, { step: 7 }])
    t.deepEqual(rows(options), [['F-EP', undefined]], JSON.stringify(options));
  t.deepEqual(rows({ methods: ['f-ep'] }), [['F-EP', undefined]]);
});

test('a journal keeps whole lines, wherever it was cut', (t) => {
  const path = join(temporaryFolder(t), 'results.jsonl');
  const lines = [{ a: 1 }, { b: 'é\n|' }, { c: [null, 0.1] }];
  t.deepEqual(journal(path, ...lines), []);
  const bytes = readFileSync(path);
  t.is(bytes.toString(), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const ends = [...bytes.entries()].filter(([, byte]) => byte === 10).map(([i]) => i + 1);
  for (let length = 0; length <= bytes.length; length++) {
    writeFileSync(path, bytes.subarray(0, length));
    const whole = ends.filter((end) => end <= length).length;
    t.deepEqual(readJournal(path), lines.slice(0, whole), `read, cut at ${length}`);
    t.is(readFileSync(path).length, length, 'reading changes nothing');
    t.deepEqual(journal(path, { d: 4 }), lines.slice(0, whole), `opened, cut at ${length}`);
    t.deepEqual(readJournal(path), [...lines.slice(0, whole), { d: 4 }]);
  }
});

test('a journal drops a broken last line, and refuses a broken one in between by its number', (t) => {
  const path = join(temporaryFolder(t), 'results.jsonl');
  journal(path, { a: 1 });
  appendFileSync(path, '\0\0\0\0"}\n');
  t.deepEqual(journal(path, { b: 2 }), [{ a: 1 }]);
  t.is(readFileSync(path, 'utf8'), '{"a":1}\n{"b":2}\n');
  appendFileSync(path, '{"c":\n{"d":4}\n');
  const error = t.throws(() => new Journal(path), { message: /^Line 3 of .*results\.jsonl is not JSON/ });
  t.is(error.code, 'FEP_IO');
  t.is(t.throws(() => new Journal(join(path, 'below'))).code, 'FEP_IO');
});

test('methods with options: what they are called and what is refused', (t) => {
  t.deepEqual(parseMethod('ep'), { method: 'ep', options: {} });
  t.deepEqual(parseMethod('f-ep@low-ratio=0.7:high-ratio=0:domain=mask'), {
    method: 'f-ep',
    options: { lowRatio: 0.7, highRatio: 0, domain: 'mask' },
  });
  t.deepEqual(parseMethod('rise@cells=4x7x7').options, { cells: [4, 7, 7] });
  const labels = parseBenchOptions({
    methods: [
      'ep',
      'ep@step=13:sigma=23',
      'step@sigma=11',
      'f-ep@step=7:low-ratio=0.7:domain=mask',
      'oracle',
      { method: 'ep', label: 'mine', options: { iterations: 5 } },
    ],
  }).methods.map(labelOf);
  t.deepEqual(labels, [
    '3D-EP',
    '3D-EP (13/23)',
    'STEP (sigma 11)',
    'F-EP (step 7, lowRatio 0.7, domain mask)',
    'Oracle',
    'mine',
  ]);
  const refused = (methods, message) => {
    const error = t.throws(() => parseBenchOptions({ methods }), { message }, String(methods));
    t.is(error.code, 'FEP_USAGE');
  };
  refused(['epp'], /no method epp/);
  refused(['ep@step'], /step is not an option with a value/);
  refused(['ep@'], /nothing is not an option/);
  refused(['ep@stp=3'], /stp/);
  refused(['ep@step=0'], /step/);
  refused(['ep@area=0.2'], /area/);
  refused(['ep@target=3'], /target/);
  refused([], /methods/);
});

test('differences name the setting, down to the method that has it', (t) => {
  const before = {
    limit: 4,
    area: [0.05, 0.1],
    methods: [
      { label: 'A', options: { step: 7 } },
      { label: 'B', options: {} },
    ],
    data: { split: 'test' },
  };
  t.deepEqual(differences(before, structuredClone(before)), []);
  const after = {
    area: [0.1],
    methods: [
      { label: 'C', options: {} },
      { label: 'A', options: { step: 8, sigma: 2 } },
    ],
    data: { split: 'test' },
    seed: 1,
  };
  t.deepEqual(differences(before, after).map(describeDifference), [
    'limit: 4 → not set',
    'area: [0.05,0.1] → [0.1]',
    'methods: ["A","B"] → ["C","A"]',
    'methods.A.options.step: 7 → 8',
    'methods.A.options.sigma: not set → 2',
    'seed: not set → 1',
  ]);
});

test('shards part the samples, and their files say which they are', (t) => {
  const places = Array.from({ length: 10 }, (_, i) => i);
  const parts = [1, 2, 3].map((index) => places.filter((place) => isInShard(place, { index, of: 3 })));
  t.deepEqual(parts, [
    [0, 3, 6, 9],
    [1, 4, 7],
    [2, 5, 8],
  ]);
  t.is(shardFile('results', { index: 1, of: 1 }), 'results.jsonl');
  t.is(shardFile('errors', { index: 2, of: 3 }), 'errors-2-of-3.jsonl');
  t.deepEqual(shardOfFile('results-2-of-3.jsonl'), { index: 2, of: 3 });
  t.deepEqual(shardOfFile('results.jsonl'), { index: 1, of: 1 });
  t.is(shardOfFile('errors.jsonl'), undefined);
});

test('the time left is guessed method by method', (t) => {
  const item = (model, label) => ({ model, method: { label } });
  const remaining = new RemainingTime();
  t.is(remaining.of([item('m', 'slow')]), null);
  remaining.add('m', 'slow', 100);
  remaining.add('m', 'slow', 200);
  remaining.add('m', 'fast', 2);
  t.is(remaining.of([item('m', 'slow'), item('m', 'fast'), item('m', 'fast')]), 154);
  t.is(remaining.of([item('other', 'fast')]), 2, 'what it took on another model');
  t.is(remaining.of([item('m', 'new')]), 76, 'the mean over methods');
  t.is(remaining.of([]), 0);
  t.deepEqual([null, 8.6, 250, 3 * 3600 + 720].map(duration), ['–', '9 s', '4 min 10 s', '3 h 12 min']);
});

test('cells with commas and quotes', (t) => {
  t.is(csv([['a, b', 'say "x"', null, 0.5, true]]), '"a, b","say ""x""",,0.5,true\n');
});

test('a figure has letters on a machine without fonts, and the same bytes each time', (t) => {
  const folder = temporaryFolder(t);
  const fonts = join(folder, 'fonts.conf');
  writeFileSync(fonts, `<?xml version="1.0"?><fontconfig><cachedir>${folder}</cachedir></fontconfig>`);
  const script = `
    import { drawChart, chartToPng } from ${JSON.stringify(new URL('../dist/plot/chart.mjs', import.meta.url))};
    import { lineChart } from ${JSON.stringify(new URL('../dist/plot/lineChart.mjs', import.meta.url))};
    const points = [{ x: 0, y: 1, low: 0.9, high: 1 }, { x: 1, y: 0.25, low: 0, high: 0.5 }];
    const draw = (name) => drawChart(lineChart({
      title: 'T', subtitle: 'S', x: 'x', y: 'y', curves: [{ name, note: '0.625', dashed: false, points }],
    }));
    const [narrow, wide, again] = ['iiii', 'WWWW', 'iiii'].map(draw);
    const pictures = await Promise.all([narrow, wide].map(chartToPng));
    console.log(JSON.stringify({
      svg: narrow, again: narrow === again, letters: !pictures[0].equals(pictures[1]),
      png: pictures[0].subarray(1, 4).toString('latin1'), size: pictures[0].readUInt32BE(16),
    }));`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: { ...process.env, FONTCONFIG_FILE: fonts },
  });
  t.is(status, 0, stderr);
  const { svg, again, letters, png, size } = JSON.parse(stdout);
  t.true(again, 'the same bytes each time');
  t.true(letters, 'boxes in place of letters would all look the same');
  t.is(png, 'PNG');
  t.is(size, 1640, 'twice the size of the SVG');
  // The curve runs straight from (0, 1) to (1, ¼): the frame is from 64 to 570 and from 72 to 436.
  t.regex(svg, /^<svg[^>]* xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  t.regex(svg, /d="M64,72L570,345"/);
  t.regex(svg, />iiii {2}0\.625</);
});

/** Records of two methods and a control on so many clips; every clip but some has boxes. */
function recordsOf(clips, random, hasBoxes) {
  const scores = (place) => ({
    stcRecallArea10: hasBoxes(place) ? random() : null,
    insertion: random(),
    dc: random(),
  });
  return Array.from({ length: clips }, (_, place) =>
    ['A', 'B', 'Center'].map((method) => ({
      model: 'm',
      sample: `s${place}`,
      place,
      method,
      masks: [0.1, 0.2].map((area) => ({ area, scores: scores(place) })),
    })),
  ).flat();
}

const CONFIG = {
  models: [{ name: 'm' }],
  methods: ['A', 'B', 'Center'].map((label) => ({ label, control: label === 'Center' })),
  options: { area: [0.1, 0.2] },
};

test('clips worth a look: the most disputed, the worst and the best, by what the page shows at first', (t) => {
  const stc = [
    [0.5, 0.5],
    [0.9, 0.1],
    [0.2, 0.1],
    [0.8, 0.9],
    [0.4, 0.5],
  ];
  const records = stc.flatMap((values, place) =>
    [...values, 1 - place].map((stcRecallArea10, i) => ({
      model: 'm',
      sample: `s${place}`,
      place,
      method: ['A', 'B', 'Center'][i],
      masks: [
        { area: 0.2, scores: { stcRecallArea10: 1, insertion: place, dc: 0 } },
        { area: 0.1, scores: { stcRecallArea10, insertion: place, dc: 0 } },
      ],
    })),
  );
  const places = (keep) => [...selectClips(clipsOf(records), CONFIG, keep)].map(({ place }) => place);
  t.deepEqual(places(1), [1, 2, 3]);
  t.deepEqual(places(0), []);
  t.deepEqual(places('all'), [0, 1, 2, 3, 4]);
  t.deepEqual(places(9).sort(), [0, 1, 2, 3, 4]);
  // Without boxes insertion says which: the last is best.
  for (const { masks } of records) for (const { scores } of masks) scores.stcRecallArea10 = null;
  t.deepEqual(places(1), [0, 4]);
});

test('what is worth a look among all clips is so in every part of them', (t) => {
  let state = 7;
  const random = () => {
    state = (state * 16807) % 2147483647;
    return Math.round((20 * state) / 2147483647) / 20; // with ties
  };
  const holdings = [() => true, (place) => place % 3 === 2, () => false];
  for (let round = 0; round < 60; round++) {
    const clips = clipsOf(recordsOf(12, random, holdings[round % 3]));
    const [keep, parts] = [1 + (round % 3), 1 + (round % 4)];
    const whole = selectClips(clips, CONFIG, keep);
    const shards = Array.from({ length: parts }, (_, i) =>
      clips.filter(({ place }) => isInShard(place, { index: i + 1, of: parts })),
    );
    for (const shard of shards) {
      let kept = [];
      for (const clip of shard) kept = [...selectClips([...kept, clip], CONFIG, keep)]; // as it goes on
      for (const clip of whole) if (shard.includes(clip)) t.true(kept.includes(clip), `${round}`);
    }
  }
});
