// Requests and folders that once brought the studio into trouble: what is lost, shown or written must not be.
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { temporaryFolder } from './helpers/libtorch.mjs';
import { clip, ENDS, model, SHORT, setUp } from './helpers/studio.mjs';

const SAMPLE = fileURLToPath(new URL('../models/sample.mp4', import.meta.url));
const FRAME = fileURLToPath(new URL('../docs/explanation.png', import.meta.url));

test.serial('a run that is renamed all the while ends as it would, under its last name', async (t) => {
  const { post, start, json } = await setUp(t);
  for (let round = 0; round < 3; round++) {
    const { id } = await start(SHORT);
    let renames = 0;
    const rename = async () => {
      while (!ENDS.includes((await json(`/api/runs/${id}`)).state))
        await post(`/api/runs/${id}`, { title: `name ${renames++}` }, 'PATCH');
    };
    await Promise.all([rename(), rename(), rename()]);
    const run = await json(`/api/runs/${id}`);
    t.true(renames > 0);
    t.like(run, { state: 'done', problem: null });
    t.truthy(run.result);
    t.regex(run.title, /^name \d+$/);
  }
});

test.serial('a folder of frames, and a file, lead to nothing outside the folder of clips', async (t) => {
  const clips = temporaryFolder(t);
  const outside = temporaryFolder(t);
  for (const name of ['000.png', '001.png']) copyFileSync(FRAME, join(outside, name));
  for (const folder of ['linked', 'own']) mkdirSync(join(clips, folder));
  for (const name of ['000.png', '001.png']) {
    symlinkSync(join(outside, name), join(clips, 'linked', name));
    copyFileSync(FRAME, join(clips, 'own', name));
  }
  writeFileSync(join(clips, 'list.m3u8'), `#EXTM3U\n#EXTINF:1,\nfile://${SAMPLE}\n`);
  writeFileSync(join(clips, 'list.mp4'), `#EXTM3U\n#EXTINF:1,\nfile://${SAMPLE}\n`);
  const { post } = await setUp(t, { clips });
  const status = async (path) =>
    (await post('/api/clip', { clip: { source: { kind: 'folder', path } }, model })).status;
  t.is(await status('own'), 200);
  t.is(await status('linked'), 403);
  t.is(await status('list.m3u8'), 403);
  t.is(await status('list.mp4'), 415);
});

test.serial(
  'uploads that begin at once are counted; long names are cut by bytes, to their end',
  async (t) => {
    const { ask, post } = await setUp(t);
    const begin = (name) => post('/api/uploads', { name, size: 4 });
    const answers = await Promise.all(Array.from({ length: 40 }, () => begin('a.mp4')));
    t.is(answers.filter(({ status }) => status === 201).length, 16);
    t.is(answers.filter(({ status }) => status === 429).length, 24);
    for (const answer of answers.filter(({ status }) => status === 201))
      await ask(`/api/uploads/${(await answer.json()).id}`, { method: 'DELETE' });

    const { id, name } = await (await begin(`${'漢'.repeat(300)}.mp4`)).json();
    t.true(Buffer.byteLength(name) <= 200 && name.endsWith('漢.mp4'), name);
    const headers = { 'content-type': 'application/octet-stream', 'upload-offset': '0' };
    t.is((await ask(`/api/uploads/${id}`, { method: 'PATCH', headers, body: 'abcd' })).status, 200);
  },
);

test.serial(
  'a playlist is refused however it comes, and an odd description of an upload hides no other',
  async (t) => {
    const { folder, studio, origin, address, ask, post, json } = await setUp(t);
    const list = Buffer.from('#EXTM3U\n#EXTINF:4,\nfile:/etc/hostname\n#EXT-X-ENDLIST\n');
    const { id } = await (await post('/api/uploads', { name: 'a.m3u8', size: list.length })).json();
    await new Promise((cut) => {
      const headers = {
        'content-type': 'application/octet-stream',
        'content-length': list.length + 10, // the line is cut after all bytes of the upload, before the end of the piece
        'upload-offset': '0',
        authorization: `Bearer ${new URL(address).searchParams.get('token')}`,
      };
      const broken = request(`${origin}/api/uploads/${id}`, { method: 'PATCH', headers });
      broken.on('error', () => undefined);
      broken.write(list, () => setTimeout(() => cut(broken.destroy()), 200));
    });
    let state = await json(`/api/uploads/${id}`);
    for (; state.offset < list.length; state = await json(`/api/uploads/${id}`))
      await new Promise((next) => setTimeout(next, 50));
    t.false(state.done);
    const predict = () => post('/api/predict', { clip: { source: { kind: 'upload', id } }, model });
    t.is((await predict()).status, 409);
    const headers = { 'content-type': 'application/octet-stream', 'upload-offset': String(list.length) };
    t.is((await ask(`/api/uploads/${id}`, { method: 'PATCH', headers, body: '' })).status, 415);
    t.is((await predict()).status, 404);

    await studio.close();
    for (const [name, text] of Object.entries({
      a: '{}',
      b: '{"kind":"clip"}',
      c: 'null',
      d: '{"kind":"clip","name":"../x","size":1}',
    })) {
      mkdirSync(join(folder, '.uploads', name), { recursive: true });
      writeFileSync(join(folder, '.uploads', name, 'upload.json'), text);
    }
    const again = await setUp(t, { folder });
    t.is((await again.ask('/api/studio')).status, 200);
    t.is((await again.post('/api/uploads', { name: 'a.mp4', size: 4 })).status, 201);
  },
);

test.serial('what is sent as text or JSON where bytes belong is refused', async (t) => {
  const { ask, post } = await setUp(t);
  const { id } = await (await post('/api/uploads', { name: 'a.mp4', size: 9 })).json();
  const patch = (type, body, offset = '0') =>
    ask(`/api/uploads/${id}`, {
      method: 'PATCH',
      headers: { 'content-type': type, 'upload-offset': offset },
      body,
    });
  t.is((await patch('text/plain', 'ééééééééé')).status, 415);
  t.is((await patch('application/json', '["é"]')).status, 415);
  t.is((await patch('application/json', 'null')).status, 415);
  t.is((await patch('application/octet-stream', 'a', '')).status, 400);
  const query = encodeURIComponent(JSON.stringify({ clip, model }));
  const answer = await post(`/api/perturbed?ask=${query}`, { mask: [1] });
  t.is(answer.status, 415);
  t.regex((await answer.json()).error.hint, /application\/octet-stream/);
});

test.serial('options and titles have a length', async (t) => {
  const { post, json } = await setUp(t);
  const start = (target) => post('/api/jobs', { clip, model, options: { method: 'ep', target } });
  t.is((await start('x'.repeat(900_000))).status, 400);
  const run = await (await start('x'.repeat(5000))).json();
  t.is(run.title.length, 200);
  t.true(JSON.stringify(await json('/api/runs')).length < 20_000);
});

test.serial('a spectrum is not made of a million updates', async (t) => {
  const { ask, post, start, until } = await setUp(t);
  const options = { method: 'f-ep', course: 'coarse-to-fine', iterations: 1_000_000, area: 0.1 };
  const { id } = await start({ clip, model, options });
  await until(id, ['running']);
  while ((await post(`/api/jobs/${id}/stop`, {})).status === 202) {
    await new Promise((next) => setTimeout(next, 300));
    if (ENDS.includes((await (await ask(`/api/runs/${id}`)).json()).state)) break;
  }
  const spectrum = await ask(`/api/runs/${id}/spectrum`);
  t.is(spectrum.status, 200);
  const { updates } = await spectrum.json();
  t.true(updates.at(-1) < 120, `${updates}`);
  t.is((await post('/api/predict', { clip, model })).status, 200);
});
