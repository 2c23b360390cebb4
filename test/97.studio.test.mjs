// The studio's server over HTTP, with real models: what it does, what it refuses, and what it survives.

import { existsSync, mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { readNpy } from 'fep-native';
import { RunFolder } from '../dist/studio/runs/runFolder.js';
import { createStudio } from '../dist/studio/studio.js';
import { BAD_CLIPS } from './helpers/badClips.mjs';
import { SMALL } from './helpers/bench.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';
import { cliHere } from './helpers/program.mjs';
import { beginStudio, clip, ENDS, endBy, LONG, model, SHORT, setUp } from './helpers/studio.mjs';

const SAMPLE = fileURLToPath(new URL('../models/sample.mp4', import.meta.url));

/** The frames of a run's stream so far, as `{ progress, mask }`. */
function framesIn(bytes) {
  const frames = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const [length, header] = [bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4)];
    if (at + 8 + length > bytes.length) break;
    const progress = JSON.parse(bytes.subarray(at + 8, at + 8 + header));
    frames.push({ progress, mask: bytes.subarray(at + 8 + header, at + 8 + length) });
    at += 8 + length;
  }
  return frames;
}

/** The stream of a run until `enough` says so or it ends. */
async function watchRun(ask, id, enough = () => false) {
  const response = await ask(`/api/jobs/${id}/frames`);
  let bytes = Buffer.alloc(0);
  for await (const chunk of response.body) {
    bytes = Buffer.concat([bytes, chunk]);
    if (enough(framesIn(bytes))) break;
  }
  return framesIn(bytes);
}

test.serial('a run: what the model says, masks as they form, ordinary results, export', async (t) => {
  const { ask, json, post, start, until, folder } = await setUp(t);
  const facts = await json('/api/studio');
  t.true(facts.methods.length > 10);
  t.like(facts.methods[0], { name: 'f-ep', forms: true });
  const seen = await (await post('/api/clip', { clip, model })).json();
  t.like(seen.model, { frames: 8, height: 32, width: 32 });
  const { classes } = await (await post('/api/predict', { clip, model })).json();
  t.is(classes.length, seen.model.classes.length);
  const { id } = await start({ clip, model, options: { method: 'ep', iterations: 80, area: 0.1 } });
  const frames = await watchRun(ask, id);
  const { progress, mask } = frames.at(-1);
  t.deepEqual(progress.shape, [8, 32, 32]);
  t.is(mask.length, 8 * 32 * 32);
  t.true(progress.kept > 0 && progress.kept <= 1);
  const run = await until(id, ENDS);
  t.like(run, { state: 'done', problem: null, result: { method: '3D-EP', target: classes[0].name } });
  t.true(run.command.endsWith(`--model ${SMALL} --method ep --iterations 80 --area 0.1`), run.command);
  const saved = await readNpy(join(folder, id, 'mask.npy'));
  t.deepEqual(saved.shape, [8, 32, 32]);
  t.is((await json(`/api/runs/${id}/document`)).kind, 'explanation');
  for (const file of ['report.html', 'sheet.png', 'overlay.mp4', 'mask.npy', 'result.json', 'thumbnail.webp'])
    t.is((await ask(`/api/runs/${id}/files/${file}`)).status, 200, file);
});

test.serial('what a mask keeps is asked of the model at once', async (t) => {
  const { ask } = await setUp(t);
  const query = encodeURIComponent(JSON.stringify({ clip, model }));
  const perturbed = (bytes) =>
    ask(`/api/perturbed?ask=${query}`, {
      method: 'POST',
      body: new Uint8Array(bytes).fill(255),
      headers: { 'content-type': 'application/octet-stream' },
    });
  await perturbed(8 * 32 * 32); // loads the model
  const began = performance.now();
  const answer = await (await perturbed(8 * 32 * 32)).json();
  t.log(`${(performance.now() - began).toFixed(0)} ms`);
  t.true(Math.abs(answer.classes.reduce((sum, { probability }) => sum + probability, 0) - 1) < 1e-4);
  t.is((await perturbed(7)).status, 400);
});

test.serial('stopping keeps the mask, cancelling keeps nothing, one waits for the other', async (t) => {
  const { ask, post, start, until } = await setUp(t);
  const [first, second, third] = [await start(LONG), await start(LONG), await start(SHORT)];
  t.is(third.before, 2);
  await until(first.id, ['running']);
  await watchRun(ask, first.id, (frames) => frames.length > 2);
  t.is((await ask(`/api/jobs/${second.id}`, { method: 'DELETE' })).status, 202);
  t.is((await post(`/api/jobs/${first.id}/stop`, {})).status, 202);
  const stopped = await until(first.id, ENDS);
  t.is(stopped.state, 'stopped', JSON.stringify(stopped.problem));
  t.true(stopped.result.probability.original > 0);
  t.like(await until(second.id, ENDS), { state: 'cancelled', result: null });
  t.is((await until(third.id, ENDS)).state, 'done');
});

test.serial('the run of a page that has gone is ended, and its mask kept', async (t) => {
  const { ask, post, until } = await setUp(t, { goneAfter: 0.2 });
  const leave = new AbortController();
  const events = await ask('/api/events?page=mine', { signal: leave.signal });
  await events.body.getReader().read();
  const { id } = await (await post('/api/jobs?page=mine', LONG)).json();
  await until(id, ['running']);
  await watchRun(ask, id, (frames) => frames.length > 1);
  leave.abort();
  t.is((await until(id, ENDS)).state, 'stopped');
});

test.serial('rename, delete, bring back; results of the command line are listed too', async (t) => {
  const { ask, json, post, start, until, folder } = await setUp(t);
  const { id } = await start(SHORT);
  await until(id, ENDS);
  t.is((await (await post(`/api/runs/${id}`, { title: 'mine' }, 'PATCH')).json()).title, 'mine');
  t.is((await post(`/api/runs/${id}`, { title: '' }, 'PATCH')).status, 400);
  t.is((await ask(`/api/runs/${id}`, { method: 'DELETE' })).status, 204);
  t.deepEqual(await json('/api/runs'), []);
  t.is((await ask(`/api/runs/${id}/restore`, { method: 'POST' })).status, 200);
  const old = new Date(Date.now() - 48 * 3600 * 1000);
  utimesSync(join(folder, id), old, old);
  t.is((await ask(`/api/runs/${id}`, { method: 'DELETE' })).status, 204);
  await new RunFolder(folder).open(); // as the next studio does
  t.is(
    (await ask(`/api/runs/${id}/restore`, { method: 'POST' })).status,
    200,
    'for a day after it was deleted',
  );
  mkdirSync(join(folder, 'by-hand'));
  writeFileSync(join(folder, 'by-hand', 'result.json'), readFileSync(join(folder, id, 'result.json')));
  t.deepEqual((await json('/api/runs')).map(({ title }) => title).sort(), ['by-hand', 'mine']);
});

/** Sends the beginning of a piece, and no more of it. */
function beginPiece({ origin, address }, id, offset, bytes) {
  const headers = {
    'content-type': 'application/octet-stream',
    'upload-offset': String(offset),
    authorization: `Bearer ${new URL(address).searchParams.get('token')}`,
  };
  const begun = request(`${origin}/api/uploads/${id}`, { method: 'PATCH', headers });
  begun.on('error', () => undefined);
  return new Promise((sent) => begun.write(bytes, () => sent(begun)));
}

test.serial('an upload that was cut off goes on where it stopped', async (t) => {
  const { origin, address, ask, json, post } = await setUp(t);
  const bytes = readFileSync(SAMPLE);
  const name = '../../etc/my clip.mp4';
  const { id } = await (await post('/api/uploads', { name, size: bytes.length })).json();
  const broken = await beginPiece({ origin, address }, id, 0, bytes.subarray(0, 1000));
  setTimeout(() => broken.destroy(), 200);
  const piece = (offset, body) =>
    ask(`/api/uploads/${id}`, {
      method: 'PATCH',
      body,
      headers: { 'content-type': 'application/octet-stream', 'upload-offset': String(offset) },
    });
  let state = await json(`/api/uploads/${id}`);
  for (; state.offset === 0; state = await json(`/api/uploads/${id}`))
    await new Promise((next) => setTimeout(next, 50));
  t.like(state, { offset: 1000, done: false, name: 'my clip.mp4' });
  t.is((await post('/api/clip', { clip: { source: { kind: 'upload', id } }, model })).status, 409);
  t.is((await piece(5, bytes)).status, 409);

  await beginPiece({ origin, address }, id, 1000, bytes.subarray(1000, 2000));
  for (state = await json(`/api/uploads/${id}`); state.offset === 1000; )
    state = await json(`/api/uploads/${id}`);
  t.is(
    (await piece(state.offset, bytes.subarray(state.offset, 3000))).status,
    200,
    'it ends the one that stalled',
  );
  t.is((await json(`/api/uploads/${id}`)).offset, 3000);
  t.is((await (await piece(3000, bytes.subarray(3000))).json()).done, true);
  t.is((await post('/api/predict', { clip: { source: { kind: 'upload', id } }, model })).status, 200);
});

test.serial('ten bad files: each is refused with a word, and the studio goes on', async (t) => {
  const { ask, post, start, until } = await setUp(t);
  for (const [name, bytes] of BAD_CLIPS) {
    const { id } = await (await post('/api/uploads', { name, size: bytes.length })).json();
    const headers = { 'content-type': 'application/octet-stream', 'upload-offset': '0' };
    const sent = await ask(`/api/uploads/${id}`, { method: 'PATCH', body: bytes, headers });
    const answer = sent.ok
      ? await post('/api/clip', { clip: { source: { kind: 'upload', id } }, model })
      : sent;
    t.true(answer.status >= 400 && answer.status < 500, `${name}: ${answer.status}`);
    const { error } = await answer.json();
    t.true(error.message.length > 10 && error.code !== 'FEP_INTERNAL', `${name}: ${JSON.stringify(error)}`);
  }
  const { id } = await start(SHORT);
  t.is((await until(id, ENDS)).state, 'done');
});

/** A request with headers that fetch would not send. */
const raw = (origin, path, headers) =>
  new Promise((answered, failed) => {
    const sent = request(origin + path, { headers }, (response) => {
      response.resume();
      answered(response.statusCode);
    });
    sent.on('error', failed);
    sent.end();
  });

test.serial('hostile requests are refused, each with a status of its own, and nothing is lost', async (t) => {
  const outside = temporaryFolder(t);
  const clips = join(outside, 'clips');
  mkdirSync(clips);
  writeFileSync(join(outside, 'secret.mp4'), 'secret');
  symlinkSync(join(outside, 'secret.mp4'), join(clips, 'link.mp4'));
  const { origin, address, ask, post, json, start, until } = await setUp(t, { clips, maxJobs: 8 });
  const kept = await start(SHORT);
  await until(kept.id, ENDS);
  const token = new URL(address).searchParams.get('token');
  const authorization = `Bearer ${token}`;

  t.is(await raw(origin, '/', {}), 401);
  t.is(await raw(origin, '/?token=wrong', {}), 401);
  t.is(await raw(origin, '/api/runs', {}), 401);
  t.is(await raw(origin, '/', { authorization }), 200);
  t.is(await raw(origin, '/', { authorization, host: 'evil.test' }), 421);
  t.is(await raw(origin, '/', { authorization, host: `evil.test:${new URL(origin).port}` }), 421);
  t.is(await raw(origin, '/api/runs', { authorization, origin: 'http://evil.test' }), 403);
  t.is(await raw(origin, '/api/runs', { authorization, 'sec-fetch-site': 'cross-site' }), 403);
  t.is((await ask('/api/jobs', { method: 'POST', body: '{}', headers: { origin: 'null' } })).status, 403);

  for (const path of ['../secret.mp4', '/etc/passwd', 'link.mp4', 'a/../../secret.mp4', '.', 'x\0.mp4'])
    t.is((await post('/api/clip', { clip: { source: { kind: 'folder', path } }, model })).status, 403, path);
  t.is(
    (await post('/api/clip', { clip: { source: { kind: 'folder', path: 'none.mp4' } }, model })).status,
    404,
  );
  for (const path of [
    '/../package.json',
    '/api/runs/..%2f..%2f',
    `/api/runs/${kept.id}/files/..%2fstudio.json`,
  ])
    t.is(await raw(origin, path, { authorization }), 404, path);
  t.is((await post('/api/jobs', { ...SHORT, model: 'folder:../x.pt' })).status, 404);
  t.is((await post('/api/jobs', { ...SHORT, options: { method: 'ep', lowRatio: 0.5 } })).status, 400);
  t.is((await post('/api/jobs', { ...SHORT, options: { area: [0.1, 0.2] } })).status, 400);
  t.is((await post('/api/jobs', { ...SHORT, more: 1 })).status, 400);
  t.is(
    (await ask('/api/jobs', { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } }))
      .status,
    400,
  );
  t.is((await post('/api/uploads', { name: 'large.mp4', size: 2 ** 30 })).status, 413);
  t.is((await post('/api/uploads', { kind: 'model', name: 'm.pt', size: 10 })).status, 403);
  t.is((await post('/api/jobs', { ...SHORT, title: 'x'.repeat(2 ** 21) })).status, 413);
  const small = await (await post('/api/uploads', { name: 'a.mp4', size: 10 })).json();
  const headers = { 'content-type': 'application/octet-stream', 'upload-offset': '0' };
  const over = await ask(`/api/uploads/${small.id}`, { method: 'PATCH', body: Buffer.alloc(100), headers });
  t.is(over.status, 413);

  const answers = await Promise.all(Array.from({ length: 200 }, () => post('/api/jobs', LONG)));
  t.is(answers.filter(({ status }) => status === 201).length, 8);
  t.is(answers.filter(({ status }) => status === 429).length, 192);
  for (const { id } of await json('/api/jobs')) await ask(`/api/jobs/${id}`, { method: 'DELETE' });
  for (const { id } of await json('/api/runs')) await until(id, ENDS);
  t.is((await json(`/api/runs/${kept.id}`)).state, 'done');
});

test.serial('answers say to the browser what it may do with them', async (t) => {
  const { ask } = await setUp(t);
  const page = await ask('/');
  const policy = page.headers.get('content-security-policy');
  t.regex(policy, /default-src 'none'; script-src 'sha256-[^']+'/);
  t.false(policy.includes("script-src 'unsafe"));
  t.regex((await page.text()).slice(0, 500), /<title>fep-native studio/);
  const { headers } = await ask('/api/runs');
  t.is(headers.get('x-frame-options'), 'DENY');
  t.is(headers.get('x-content-type-options'), 'nosniff');
  t.is(headers.get('access-control-allow-origin'), null);
});

test.serial('a model that ends its process ends nothing else', async (t) => {
  const { ask, post, start, until } = await setUp(t, { memoryLimit: 60 }); // less than libtorch takes
  const { id } = await start(SHORT);
  const run = await until(id, ENDS);
  t.like(run, { state: 'failed', problem: { code: 'FEP_OUT_OF_MEMORY' } });
  t.is((await post('/api/predict', { clip, model })).status, 503);
  t.is((await ask('/api/runs')).status, 200);
});

test.serial(
  'the command line: killed in the middle of a run and started again, it has the runs',
  async (t) => {
    const folder = join(temporaryFolder(t), 'runs');
    const first = await beginStudio(folder);
    t.regex(first.address, /^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{32}$/);
    const done = await first.start(SHORT);
    await first.until(done.id, ENDS);
    const cut = await first.start(LONG);
    await first.until(cut.id, ['running']);
    await t.throwsAsync(createStudio({ folder }), { code: 'FEP_USAGE', message: /Another studio/ });
    await endBy(first.child, 'SIGKILL');
    const second = await beginStudio(folder);
    const states = Object.fromEntries((await second.json('/api/runs')).map(({ id, state }) => [id, state]));
    t.deepEqual(states, { [done.id]: 'done', [cut.id]: 'interrupted' });
    t.is(await endBy(second.child, 'SIGTERM'), 0);
  },
);

test.serial('others are let in with a password alone', async (t) => {
  const folder = join(temporaryFolder(t), 'runs');
  await t.throwsAsync(createStudio({ folder, host: '0.0.0.0' }), {
    code: 'FEP_USAGE',
    message: /no password/,
  });
  t.false(existsSync(folder));
  const { origin } = await setUp(t, { folder, host: '0.0.0.0', password: 'open sesame' });
  const { port } = new URL(origin);
  const here = `http://127.0.0.1:${port}`;
  const basic = (password) => ({
    authorization: `Basic ${Buffer.from(`me:${password}`).toString('base64')}`,
  });
  t.is(await raw(here, '/', {}), 401);
  t.is(await raw(here, '/', basic('wrong')), 401);
  t.is(await raw(here, '/', basic('open sesame')), 200);
});

test.serial('what is wrong with the command line is said', async (t) => {
  const { status, stderr } = await cliHere(['studio', '--allow-model-upload', '--no-open']);
  t.is(status, 2);
  t.regex(stderr, /--isolate/);
  t.is((await cliHere(['studio', '--port', 'x'])).status, 2);
});
