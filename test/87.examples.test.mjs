// The examples, run as their readers run them.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { createServer } from '../examples/server/server.mjs';
import { browserTest, closeBrowser, open } from './helpers/browser.mjs';

const path = (file) => fileURLToPath(new URL(`../${file}`, import.meta.url));
const CLIP = readFileSync(path('models/sample.mp4'));

let app;
let address;
test.before(async () => {
  app = await createServer();
  address = await app.listen({ port: 0, host: '127.0.0.1' });
});
test.after.always(async () => {
  await closeBrowser();
  await app?.close();
});

function upload(fields, { clip = CLIP, signal } = {}) {
  const body = new FormData();
  if (clip) body.append('clip', new Blob([clip]), '../sample.mp4');
  for (const [name, value] of Object.entries(fields)) body.append(name, String(value));
  return fetch(`${address}/explain`, { method: 'POST', body, ...(signal && { signal }) });
}

const parse = (text) =>
  text
    .split('\n\n')
    .filter(Boolean)
    .map((part) => {
      const [, type, data] = /^event: (.*)\ndata: (.*)$/s.exec(part);
      return { type, data: JSON.parse(data) };
    });

test.serial('server: progress, then the explanation', async (t) => {
  const response = await upload({ iterations: 12 });
  t.is(response.headers.get('content-type'), 'text/event-stream');
  const events = parse(await response.text());
  const progress = events.filter(({ type }) => type === 'progress').map(({ data }) => data);
  t.deepEqual(progress.at(-1), { done: 12, of: 12 });
  const { type, data } = events.at(-1);
  t.is(type, 'done');
  t.like(data, { kind: 'explanation', target: 'clockwise', clip: { name: 'sample.mp4', frames: 16 } });
});

test.serial('server: what is wrong is said', async (t) => {
  const events = async (...args) => parse(await (await upload(...args)).text());
  t.like((await events({ method: 'epp' })).at(-1), { type: 'failed', data: { code: 'FEP_USAGE' } });
  t.like((await events({}, { clip: 'no video' })).at(-1), {
    type: 'failed',
    data: { code: 'FEP_CLIP_DECODE' },
  });
  t.is((await upload({}, { clip: null })).status, 400);
});

test.serial('server: work stops when the client goes', async (t) => {
  const stop = new AbortController();
  const response = await upload({ iterations: 100_000 }, { signal: stop.signal });
  await response.body.getReader().read(); // it is at work
  const running = async () => (await (await fetch(`${address}/status`)).json()).running;
  t.is(await running(), 1);
  stop.abort();
  const start = performance.now();
  while ((await running()) > 0 && performance.now() - start < 20_000)
    await new Promise((next) => setTimeout(next, 50));
  t.is(await running(), 0);
});

browserTest('server: its page shows the explanation with fep-native/viewer', async (t) => {
  const { page } = await open(t, `${address}/`, { ready: 'form' });
  await page.setInputFiles('input[type=file]', path('models/sample.mp4'));
  await page.fill('input[name=iterations]', '5');
  await page.getByRole('button', { name: 'Explain' }).click();
  await page.waitForSelector('#viewer .player');
  t.is(await page.locator('#viewer h1').textContent(), 'clockwise');
  await page.getByRole('button', { name: 'Next frame' }).click();
  t.is(await page.locator('#viewer .player').first().getAttribute('data-frame'), '1');
});

test.serial('gate: passes above its limit and fails below', (t) => {
  const run = (limit) =>
    spawnSync(
      process.execPath,
      [path('examples/stc-gate.mjs'), '--clips', '1', '--iterations', '40', '--limit', limit],
      { encoding: 'utf8' },
    );
  const passing = run('0.1');
  t.is(passing.status, 0, passing.stdout + passing.stderr);
  t.regex(passing.stdout, /STC@10 \d+\.\d %\nmean .*: passed\n$/);
  const failing = run('1');
  t.is(failing.status, 1);
  t.regex(failing.stdout, /FAILED/);
});
