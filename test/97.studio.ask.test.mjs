// What the studio's server says to the brush, the spectrum and the film strip, and what it refuses.
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';
import test from 'ava';
import { loadModel, readClip } from 'fep-native';
import { measureFigures } from 'fep-native/bench';
import sharp from 'sharp';
import { SMALL } from './helpers/bench.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';
import { clip, ENDS, model, SHORT, setUp } from './helpers/studio.mjs';

const SAMPLE = fileURLToPath(new URL('../models/sample.mp4', import.meta.url));
const VOXELS = 8 * 32 * 32;
const F_EP = { method: 'f-ep', iterations: 40, area: 0.1, lowRatio: 0.5, highRatio: 0.2 };

const pictureOf = ({ url }) => sharp(Buffer.from(url.replace(/^data:image\/webp;base64,/, ''), 'base64'));

/** Asks for what a mask keeps. */
const keeps = (ask, body, question = { clip, model }) =>
  ask(`/api/perturbed?ask=${encodeURIComponent(JSON.stringify(question))}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/octet-stream' },
  });

test.serial(
  'what a mask keeps is said as the library says it, with the picture that the model saw',
  async (t) => {
    const { ask } = await setUp(t);
    const mask = Uint8Array.from({ length: VOXELS }, (_, i) => (i % 32 < 16 ? 255 : 0));
    const { classes, perturbed } = await (await keeps(ask, mask)).json();
    const video = await loadModel(SMALL);
    t.teardown(() => video.dispose());
    const own = await video.predictPerturbed(
      await readClip(SAMPLE, video.manifest.input),
      Float32Array.from(mask, (value) => value / 255),
    );
    for (const { index, probability } of classes) t.true(Math.abs(own[index] - probability) < 1e-5);
    const { width, height } = await pictureOf(perturbed).metadata();
    t.deepEqual([width, height, perturbed.columns], [3 * 32, 3 * 32, 3]);
  },
);

test.serial('the spectrum of a run is that of the figures, and is measured once', async (t) => {
  const { json, start, until } = await setUp(t);
  const { id } = await start({ clip, model, options: F_EP });
  await until(id, ENDS);
  const spectrum = await json(`/api/runs/${id}/spectrum`);
  const [frames, height, width] = spectrum.shape;
  const shares = new Float32Array(
    Uint8Array.from(inflateSync(Buffer.from(spectrum.shares.base64, 'base64'))).buffer,
  );
  t.is(shares.length, frames * height * width);
  t.true(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-5);
  t.like(spectrum.bands, { lowRatio: 0.5, highRatio: 0.2, temporalLowRatio: 0.5 });

  const video = await loadModel(SMALL);
  t.teardown(() => video.dispose());
  const seen = await readClip(SAMPLE, video.manifest.input);
  const figures = { ...F_EP, only: ['spectrum'], iterations: 32, averaged: spectrum.updates.length };
  const { spectra, iterations } = (await measureFigures(video, seen, null, figures)).spectrum;
  t.deepEqual(spectrum.updates, iterations);
  const { temporal } = spectra.find(({ stage }) => stage === 'before').spectrum;
  for (const [k, expected] of temporal.entries()) {
    const plane = shares.subarray(k * height * width, (k + 1) * height * width);
    t.true(Math.abs(plane.reduce((sum, share) => sum + share, 0) - expected) < 1e-4, `frequency ${k}`);
  }
  t.deepEqual(await json(`/api/runs/${id}/spectrum`), spectrum);
});

test.serial(
  'the default’s run, which searches and opens its bands, has a spectrum too, and one of the frame’s pixels',
  async (t) => {
    const { json, start, until } = await setUp(t);
    const { id } = await start({ clip, model, options: {} });
    await until(id, ENDS);
    const { opens, updates } = await json(`/api/runs/${id}/spectrum`);
    t.true(opens);
    t.is(updates.length, 8);
    const onFrame = await start({ clip, model, options: { ...F_EP, domain: 'mask', iterations: 5 } });
    await until(onFrame.id, ENDS);
    t.deepEqual((await json(`/api/runs/${onFrame.id}/spectrum`)).shape, [8, 32, 32]);
  },
);

test.serial(
  'a film strip: small pictures of the whole clip, decoded once as long as the file is the same',
  async (t) => {
    const clips = temporaryFolder(t);
    copyFileSync(SAMPLE, join(clips, 'mine.mp4'));
    const { post } = await setUp(t, { clips });
    const strip = async (path) => {
      const answer = await post('/api/filmstrip', { source: { kind: 'folder', path }, model });
      return { status: answer.status, ...(await answer.json()) };
    };
    const first = await strip('mine.mp4');
    t.like(first, { status: 200, count: 24, frames: 16, height: 64, width: 64 });
    t.true(first.fps > 0);
    const { width } = await pictureOf(first.pictures).metadata();
    t.is(width, first.pictures.columns * first.width);
    t.deepEqual(await strip('mine.mp4'), first);
    writeFileSync(join(clips, 'mine.mp4'), 'no clip any more');
    const spoilt = await strip('mine.mp4');
    t.like(spoilt, { status: 422, error: { code: 'FEP_CLIP_DECODE' } });
    t.false(JSON.stringify(spoilt).includes(clips), 'the page is not told where clips are kept');
    t.true(spoilt.error.hint.length > 10);
    copyFileSync(SAMPLE, join(clips, 'mine.mp4'));
    t.is((await strip('mine.mp4')).status, 200);
  },
);

test.serial('hostile film strips are refused', async (t) => {
  const outside = temporaryFolder(t);
  const clips = join(outside, 'clips');
  mkdirSync(clips);
  writeFileSync(join(outside, 'secret.mp4'), 'secret');
  symlinkSync(join(outside, 'secret.mp4'), join(clips, 'link.mp4'));
  const { ask, post } = await setUp(t, { clips });
  const status = async (body) => (await post('/api/filmstrip', body)).status;
  for (const path of ['../secret.mp4', '/etc/passwd', 'link.mp4', '.', 'x\0.mp4'])
    t.is(await status({ source: { kind: 'folder', path }, model }), 403, path);
  t.is(await status({ source: { kind: 'folder', path: 'none.mp4' }, model }), 404);
  t.is(await status({ source: { kind: 'synthetic', id: 'synthetic-2-0' }, model }), 400);
  t.is(await status({ source: { kind: 'upload', id: '../..' }, model }), 404);
  t.is(await status({ source: { kind: 'url', href: 'http://127.0.0.1/' }, model }), 400);
  t.is(await status({ source: clip.source, model: 'folder:../x.pt' }), 404);
  t.is(await status({ source: clip.source, model, count: 1e9 }), 400);
  t.is(await status({ source: clip.source }), 400);
  t.is(await status([]), 400);
  t.is((await ask('/api/filmstrip')).status, 404);
  t.is(await status({ source: clip.source, model }), 200);
});

test.serial('hostile questions about masks and spectra are refused', async (t) => {
  const { ask, start, until, folder } = await setUp(t);
  const whole = new Uint8Array(VOXELS);
  t.is((await keeps(ask, whole, { clip, model, perturbation: 'explode' })).status, 400);
  t.is((await keeps(ask, whole, { clip, model, more: 1 })).status, 400);
  t.is((await keeps(ask, whole, { clip: { ...clip, start: -1 }, model })).status, 400);
  t.is((await keeps(ask, new Uint8Array(0))).status, 400);
  t.is((await keeps(ask, new Uint8Array(VOXELS + 1))).status, 400);
  t.is((await keeps(ask, new Uint8Array(17 * 2 ** 20))).status, 413);
  t.is((await ask('/api/perturbed?ask={', { method: 'POST' })).status, 400);

  const spectrum = async (id) => (await ask(`/api/runs/${id}/spectrum`)).status;
  t.is(await spectrum('none'), 404);
  t.is(await spectrum('..%2f..%2f'), 404);
  const { id } = await start(SHORT);
  await until(id, ENDS);
  t.is(await spectrum(id), 400, 'EP filters nothing');
  mkdirSync(join(folder, 'by-hand'));
  copyFileSync(join(folder, id, 'result.json'), join(folder, 'by-hand', 'result.json'));
  t.is(await spectrum('by-hand'), 409);
  mkdirSync(join(folder, 'smuggled'));
  const record = JSON.parse(readFileSync(join(folder, id, 'studio.json'), 'utf8'));
  record.request = { clip, model: 'folder:/etc/passwd', options: F_EP };
  record.located = { clip: { path: '/etc/passwd' }, model: '/etc/passwd' };
  writeFileSync(join(folder, 'smuggled', 'studio.json'), JSON.stringify(record));
  t.is(await spectrum('smuggled'), 404, 'what a record names is not read unless the studio offers it');
});
