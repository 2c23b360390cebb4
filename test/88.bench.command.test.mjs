// The command beside a clip of `bench.html` does what the bench did: it is taken from the page and given to a shell.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { explain, loadModel, readNpy } from 'fep-native';
import { bench } from 'fep-native/bench';
import { openDataset } from 'fep-native/datasets';
import { compareCommand, methodsOnCommandLine } from '../dist/bench/commandLine.js';
import { parseBenchOptions } from '../dist/bench/settings/options.js';
import { rows } from '../dist/cli/values.js';
import { checkCompareOptions, planComparison } from '../dist/compare/options.js';
import { findSample } from '../dist/datasets/findSample.js';
import { labelOf } from '../dist/evaluate/labels.js';
import { planMethod } from '../dist/evaluate/plan.js';
import { findModel } from '../dist/model/findModel.js';
import { defined } from '../dist/options/defined.js';
import { records, SMALL } from './helpers/bench.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const MAIN = path('../dist/cli/main.js');

/** The document that a page shows. */
const documentOf = (file) =>
  JSON.parse(
    /<script type="application\/json" id="fep-document">(.*?)<\/script>/s.exec(readFileSync(file, 'utf8'))[1],
  );

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** Runs a line in a shell, in a folder where nothing else lies; `npx` is one that finds the package's own command. */
function shell(t, line) {
  const folder = temporaryFolder(t);
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'npx'), `#!/bin/sh\nshift\nexec '${process.execPath}' '${MAIN}' "$@"\n`);
  chmodSync(join(bin, 'npx'), 0o755);
  const env = { ...process.env, NO_COLOR: '1', PATH: `${bin}:${process.env.PATH}` };
  const { status, stderr } = spawnSync('sh', ['-c', line], { cwd: folder, env, encoding: 'utf8' });
  t.is(status, 0, `${line}\n${stderr}`);
  return join(folder, 'fep-comparison');
}

const bytes = ({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength);

test.serial('unusual options: masks of the command are those of the bench, bit by bit', async (t) => {
  const folder = join(temporaryFolder(t), "Ann's models & clips");
  mkdirSync(folder);
  cpSync(SMALL, join(folder, 'my model.pt'));
  const out = join(folder, 'out');
  const form = { foldBatchNorm: true, memoryFormat: 'channels-last', winograd: true, optimiseGraph: true };
  await bench({
    models: [join(folder, 'my model.pt')],
    data: 'synthetic',
    split: 'validation',
    dataSeed: 5,
    difficulty: { difficulty: 'easy', distractors: 2 },
    classes: ['up', 'down'],
    limit: 2,
    methods: [
      'ep@perturbation=fade-black:step=28:sigma=30:learning-rate=0.1',
      {
        method: 'f-ep',
        label: `Mine, "yours" & it's`,
        options: { lowRatio: 0.4, highRatio: 0.3, domain: 'mask' },
      },
      'rise@samples=6:cells=2x3x3',
      'random',
      'oracle',
    ],
    area: [0.07, 0.2],
    areaOver: 'frame',
    iterations: 3,
    step: 20,
    sigma: 25,
    device: 'cpu',
    ...form,
    curveSteps: 3,
    removal: 'fade-mean',
    seed: 11,
    keepClips: 'all',
    out,
  });

  const { clips } = documentOf(join(out, 'bench.html'));
  t.is(clips.length, 2);
  const config = readJson(join(out, 'config.json'));
  const model = await loadModel(join(folder, 'my model.pt'), { device: 'cpu', ...form });
  const set = { split: 'validation', seed: 5, difficulty: { difficulty: 'easy', distractors: 2 } };
  const { samples } = await openDataset('synthetic', set);
  // The second: the clip's place is part of the seed.
  const place = 1;
  const { sample, command, page } = clips[place];
  const made = shell(t, command);
  const result = readJson(join(made, 'result.json'));
  const kept = records(out).filter((record) => record.sample === sample);
  const several = (area) => (area === null ? '' : `, ${Math.round(100 * area)} %`);
  const masks = kept.flatMap(({ method, masks }) =>
    masks.map((mask) => ({ ...mask, label: method + several(mask.area) })),
  );
  t.is(masks.length, 2 + 2 + 1 + 1 + 1);
  t.deepEqual(
    result.methods.map(({ label }) => label),
    masks.map(({ label }) => label),
  );
  // What the bench has written down of its masks: all scores, without rounding, and the masks of the clip's page.
  for (const [i, { explained, scores }] of masks.entries()) {
    t.is(result.methods[i].probability.explained, explained, masks[i].label);
    t.deepEqual(result.methods[i].scores, scores, masks[i].label);
  }
  const shown = (file) => documentOf(file).methods.map(({ mask }) => mask);
  t.deepEqual(shown(join(made, 'compare.html')), shown(join(out, page)));
  // The masks themselves, made as the bench's configuration says.
  const { clip } = await samples.find(({ id }) => id === sample).read(model.manifest.input);
  const wanted = [];
  for (const { method, options } of config.methods.filter(({ method }) => method !== 'oracle'))
    wanted.push(...(await explain(model, clip, { ...options, method, seed: 11 + place })).masks);
  for (const [i, { mask }] of wanted.entries()) {
    const { data } = await readNpy(join(made, result.methods[i].mask));
    t.true(bytes(data).equals(bytes(mask)), masks[i].label);
  }
  model.dispose();
});

test.serial(
  'a data set and a model named from the folder where the bench ran are found from another',
  async (t) => {
    const folder = temporaryFolder(t);
    cpSync(SMALL, join(folder, 'model.pt'));
    const run = (...args) => {
      const { status, stderr } = spawnSync(process.execPath, [MAIN, ...args, '--quiet'], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, NO_COLOR: '1' },
      });
      t.is(status, 0, stderr);
    };
    run(...'dataset synth --count 2 --format npy --out'.split(' '), "Ann's clips");
    const options = '--model model.pt --method random,center --curve-steps 0 --seed 4 --out out'.split(' ');
    run('bench', '--data', "folder:Ann's clips", ...options);
    const { clips } = documentOf(join(folder, 'out', 'bench.html'));
    t.is(clips.length, 2);
    const made = shell(t, clips[1].command);
    const result = readJson(join(made, 'result.json'));
    const kept = records(join(folder, 'out')).filter(({ sample }) => sample === clips[1].sample);
    t.deepEqual(
      result.methods.map(({ scores }) => scores),
      kept.map(({ masks: [{ scores }] }) => scores),
    );

    // Found elsewhere, it is the same bench; its page then says where.
    cpSync(join(folder, 'model.pt'), join(folder, 'moved.pt'));
    run('bench', '--data', "folder:Ann's clips", ...options, '--model', 'moved.pt');
    t.true(documentOf(join(folder, 'out', 'bench.html')).clips[0].command.includes(join(folder, 'moved.pt')));
  },
);

const resolved = (options) => {
  const { models: _, device, methods, ...others } = parseBenchOptions(options);
  const labelled = methods.map((entry) => ({ ...entry, label: labelOf(entry) }));
  return { options: { ...others, methods: labelled }, device, models: [{ name: 'm' }] };
};
const clip = { model: 'm', sample: 's', place: 2 };

test('a command settles the same for every row as the bench did', async (t) => {
  const { manifest } = await findModel('r2plus1d-mini');
  for (const options of [
    {},
    { methods: ['f-ep', 'ep', 'step', 'ep@step=9', 'grad-cam', 'oracle'] },
    { methods: ['ep'], preset: 'quick' },
    { methods: ['ep', 'f-ep'], iterations: 9 },
    { methods: ['f-ep'], preset: 'paper' },
  ]) {
    const bench = parseBenchOptions(options);
    const { area, preset, iterations, step, sigma, areaOver, seed } = bench;
    const shared = { area, preset, iterations, step, sigma, areaOver, seed };
    const command = compareCommand({ ...clip, place: 0 }, resolved(options));
    const method = /--method ('[^']*'|\S+)/.exec(command)[1].replace(/^'|'$/g, '');
    const told = defined({ ...shared, methods: rows(method) });
    const planned = planComparison(checkCompareOptions(told), manifest, true);
    t.deepEqual(
      planned.map(({ config }) => config),
      bench.methods.map((entry) => planMethod(entry, shared, manifest).config),
      JSON.stringify(options),
    );
  }
});

test('every option that decides on a mask or a score is told, under a name that compare knows', (t) => {
  const options = {
    data: 'synthetic',
    split: 'test',
    dataSeed: 3,
    difficulty: 'easy',
    methods: ['f-ep'],
    area: 0.3,
    iterations: 4,
    step: 5,
    sigma: 6,
    areaOver: 'frame',
    cudaGraph: true,
    device: 'cpu',
    precision: 'tf32',
    foldBatchNorm: true,
    memoryFormat: 'contiguous',
    winograd: true,
    optimiseGraph: true,
    curveSteps: 7,
    removal: 'fade-mean',
    seed: 8,
  };
  const command = compareCommand(clip, resolved(options));
  const told = {
    sample: 's',
    model: 'm',
    method: 'f-ep',
    data: 'synthetic',
    split: 'test',
    'data-seed': '3',
    difficulty: 'easy',
    area: '0.3',
    iterations: '4',
    step: '5',
    sigma: '6',
    'area-over': 'frame',
    'cuda-graph': '',
    precision: 'tf32',
    'fold-batch-norm': '',
    'memory-format': 'contiguous',
    winograd: '',
    'optimise-graph': '',
    'curve-steps': '7',
    removal: 'fade-mean',
    seed: '10',
    device: 'cpu',
  };
  const [head, ...flags] = command.split(/ ?--/);
  t.is(head, 'npx fep-native compare');
  const found = Object.fromEntries(flags.map((flag) => [flag.split(' ')[0], flag.split(' ')[1] ?? '']));
  t.deepEqual(found, told);
  const { stdout: help } = spawnSync(process.execPath, [MAIN, 'compare', '--help'], { encoding: 'utf8' });
  for (const name of Object.keys(told)) t.regex(help, new RegExp(`--${name}[ \n]`), name);
});

test('any value is one word to a shell', (t) => {
  for (const word of ["it's", '$(touch x) `y`', '-x', 'two\nlines', '*', '~', '"', '\\', 'é', ' ']) {
    const line = compareCommand({ ...clip, sample: word }, resolved({}));
    const list = line.replace('npx fep-native compare', "printf '%s\\0'");
    const words = spawnSync('sh', ['-c', list], { encoding: 'utf8' }).stdout.split('\0');
    t.true(words.join('\0').startsWith(word === '-x' ? '--sample=-x\0' : `--sample\0${word}\0`), word);
  }
});

test('methods are written as names where these say it all, else as JSON', (t) => {
  const row = (
    method,
    options = {},
    label = { ep: '3D-EP', rise: 'RISE', 'grad-cam': 'Grad-CAM' }[method],
  ) => ({
    label,
    method,
    options,
  });
  t.is(methodsOnCommandLine([row('ep'), row('rise')]), 'ep,rise');
  t.is(
    methodsOnCommandLine([row('ep', { step: 13, sigma: 23.5 }, '3D-EP (13/23.5)')]),
    'ep@step=13:sigma=23.5',
  );
  t.is(methodsOnCommandLine([row('grad-cam', { layer: '4' }, 'Grad-CAM (layer 4)')]), 'grad-cam@layer=4');
  t.is(
    methodsOnCommandLine([row('ep', { cudaGraph: true }, '3D-EP (cudaGraph true)'), row('rise')]),
    'ep@cuda-graph=true,rise',
  );
  for (const rows of [
    [row('ep', {}, 'Mine')],
    [row('grad-cam', { layer: 'a,b' }, 'Grad-CAM (layer a,b)')],
    [row('grad-cam', { layer: 'a:b' }, 'Grad-CAM (layer a:b)')],
  ])
    t.deepEqual(
      JSON.parse(methodsOnCommandLine(rows)),
      rows.map(({ method, label, options }) => ({ method, label, options })),
    );
});

test('a generated clip is found by its id, however many come before it', async (t) => {
  for (const [id, split] of [
    ['synthetic-2-3', undefined],
    ['synthetic-2-250', 'test'],
    ['synthetic-2-1000250', 'validation'],
  ])
    t.is((await findSample('synthetic', id, { split })).id, id);
  for (const id of ['synthetic-2-99999999999', 'synthetic-3-250', 'nothing'])
    t.is((await t.throwsAsync(findSample('synthetic', id, {}))).code, 'FEP_USAGE', id);
});
