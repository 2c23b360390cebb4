// Data sets in the studio: their samples are listed in parts, searched, explained, and named by nothing but what is listed.
import { copyFileSync, linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { findModel, readNpy } from 'fep-native';
import { locateLibtorch } from '../dist/libtorch/locate.js';
import { createStudio } from '../dist/studio/studio.js';
import { dataset } from './helpers/datasets.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';
import { cliHere } from './helpers/program.mjs';
import { ENDS, model, setUp } from './helpers/studio.mjs';

const SAMPLE = fileURLToPath(new URL('../models/sample.mp4', import.meta.url));
const MANY = 10_000;

/** A data set of so many clips, of two classes, and one that is not there. */
function manyClips(t, count = MANY) {
  const folder = join(temporaryFolder(t), 'many');
  mkdirSync(folder);
  copyFileSync(SAMPLE, join(folder, 'clip.mp4'));
  const names = Array.from({ length: count }, (_, i) => `clip-${String(i).padStart(5, '0')}.mp4`);
  for (const name of names) linkSync(join(folder, 'clip.mp4'), join(folder, name));
  const rows = [...names, 'gone.mp4'].map((name, i) => `${name},${i % 2 ? 'fall' : 'rise up'}`);
  writeFileSync(join(folder, 'manifest.csv'), ['path,label', ...rows].join('\n'));
  return folder;
}

const listOf = (json) => (query) => json(`/api/samples?${new URLSearchParams(query)}`);

/** Takes a folder as the user's cache, with the libtorch of this test, until the test ends. */
function cacheIn(t, folder) {
  const { FEP_CACHE, FEP_LIBTORCH } = process.env;
  Object.assign(process.env, { FEP_CACHE: folder, FEP_LIBTORCH: locateLibtorch().root });
  t.teardown(() => {
    for (const [name, value] of Object.entries({ FEP_CACHE, FEP_LIBTORCH }))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  });
}

test.serial('a model that was imported before is offered, and nothing beside it', async (t) => {
  const cache = temporaryFolder(t);
  const imported = join(cache, 'imported');
  mkdirSync(imported);
  const { path, manifest } = await findModel('tsm-mini');
  const check = { logits: 0, gradient: 0, batch: 'alike', bfloat16: 'yes' };
  const origin = { source: '/home/somebody/net.py:build', libraries: {}, weights: [], check };
  copyFileSync(path, join(imported, 'one.pt'));
  writeFileSync(join(imported, 'one.json'), JSON.stringify({ ...manifest, origin }));
  copyFileSync(path, join(imported, 'without-origin.pt'));
  writeFileSync(join(imported, 'broken.pt'), 'no model');
  copyFileSync(path, join(cache, 'beside.pt'));
  cacheIn(t, cache);
  const { json, post } = await setUp(t);
  const { models } = await json('/api/studio');
  t.deepEqual(
    models.filter(({ origin }) => origin === 'imported'),
    [{ id: 'imported:one.pt', name: 'tsm-mini, from net.py:build', origin: 'imported' }],
  );
  const predict = (id) =>
    post('/api/predict', { clip: { source: { kind: 'sample' } }, model: `imported:${id}` });
  t.is((await (await predict('one.pt')).json()).classes[0].name, 'clockwise');
  t.is((await predict('../beside.pt')).status, 403);
  t.is((await predict('gone.pt')).status, 404);
});

test.serial('ten thousand samples are listed in parts and found by words and by class', async (t) => {
  const { json } = await setUp(t, { data: [`folder:${manyClips(t)}`] });
  const list = listOf(json);
  const { data } = await json('/api/studio');
  t.deepEqual(data, [{ name: 'many', samples: MANY, classes: ['rise up', 'fall'], unusable: 1 }]);
  const first = await list({ set: 'many' });
  t.like(first, { found: MANY, from: 0 });
  t.is(first.samples.length, 50);
  t.deepEqual(first.samples[0], { id: 'clip-00000.mp4', label: 'rise up' });
  const last = await list({ set: 'many', from: 9990, count: 50 });
  t.deepEqual(
    last.samples.map(({ id }) => id),
    Array.from({ length: 10 }, (_, i) => `clip-0${9990 + i}.mp4`),
  );
  t.is((await list({ set: 'many', label: 'fall' })).found, MANY / 2);
  t.like(await list({ set: 'many', search: '  00042 RISE' }), {
    found: 1,
    samples: [{ id: 'clip-00042.mp4', label: 'rise up' }],
  });
  t.like(await list({ set: 'many', search: 'nowhere' }), { found: 0, samples: [] });
  t.like(await list({ set: 'many', from: 20_000 }), { found: MANY, samples: [] });
});

test.serial('a sample is shown with its boxes and its true class, and explained', async (t) => {
  const { json, post, start, until, ask, folder } = await setUp(t, { data: ['synthetic'] });
  const [{ id, label }] = (await listOf(json)({ set: 'synthetic', search: 'sway' })).samples;
  t.is(label, 'sway');
  const clip = { source: { kind: 'data', set: 'synthetic', sample: id } };
  const seen = await (await post('/api/clip', { clip, model })).json();
  t.is(seen.label, 'sway');
  t.true(seen.clip.annotated.includes(true));
  const run = await start({ clip, model, options: { method: 'gradients' } });
  const done = await until(run.id, ENDS);
  t.like(done, { state: 'done', request: { clip } });
  t.true(done.command.includes(`explain --data synthetic --sample ${id} --model`), done.command);
  t.deepEqual((await readNpy(join(folder, run.id, 'mask.npy'))).shape, [8, 32, 32]);
  t.true((await (await ask(`/api/runs/${run.id}/document`)).json()).clip.annotated.includes(true));
});

test.serial('sets with one name are told apart, and kinds are those of bench --data', async (t) => {
  const ucf = dataset('ucf101-24');
  const folders = [manyClips(t, 2), manyClips(t, 3)];
  const { json } = await setUp(t, { data: [...folders, `ucf101-24:${ucf}`] });
  const { data } = await json('/api/studio');
  t.deepEqual(
    data.map(({ name, samples }) => [name, samples > 0]),
    [
      ['many', true],
      ['many 2', true],
      ['ucf101-24', true],
    ],
  );
  t.is((await listOf(json)({ set: 'many 2' })).found, 3);
});

test.serial('a page names samples that are listed and nothing else', async (t) => {
  const outside = temporaryFolder(t);
  const folder = join(outside, 'clips');
  mkdirSync(folder);
  copyFileSync(SAMPLE, join(outside, 'secret.mp4'));
  copyFileSync(SAMPLE, join(folder, 'clip.mp4'));
  writeFileSync(
    join(folder, 'manifest.csv'),
    `path,label\nclip.mp4,a\n../secret.mp4,a\n${join(outside, 'secret.mp4')},a\n`,
  );
  const { ask, json, post } = await setUp(t, { data: [folder] });
  t.like((await json('/api/studio')).data[0], { samples: 1, unusable: 2 });
  const show = (source) => post('/api/clip', { clip: { source: { kind: 'data', ...source } }, model });
  t.is((await show({ set: 'clips', sample: 'clip.mp4' })).status, 200);
  for (const sample of ['../secret.mp4', '..-secret.mp4', '/etc/passwd', '__proto__', 'x\0', 'CLIP.mp4']) {
    const answer = await show({ set: 'clips', sample });
    t.is(answer.status, 404, sample);
    t.regex((await answer.json()).error.message, /The data set clips has no sample/);
  }
  t.is((await show({ set: '../clips', sample: 'clip.mp4' })).status, 404);
  t.is((await show({ set: 'clips', sample: 'x'.repeat(2000) })).status, 400);
  t.is((await show({ set: 'clips', sample: 'clip.mp4', path: '/etc/passwd' })).status, 400);
  t.is((await ask('/api/samples')).status, 400);
  t.is((await ask('/api/samples?set=none')).status, 404);
  for (const wrong of ['from=-1', 'from=x', 'count=0', 'count=100000', 'search=a&search=b', 'folder=/'])
    t.is((await ask(`/api/samples?set=clips&${wrong}`)).status, 400, wrong);
});

test.serial('what is wrong with --data is said before anything listens', async (t) => {
  const folder = join(temporaryFolder(t), 'runs');
  await t.throwsAsync(createStudio({ folder, data: ['nothing:here'] }), {
    code: 'FEP_USAGE',
    message: /names no data set/,
  });
  const { status, stderr } = await cliHere(['studio', '--no-open', '--data', 'folder:/no/such/folder']);
  t.is(status, 1);
  t.regex(stderr, /There is no data set at/);
});
