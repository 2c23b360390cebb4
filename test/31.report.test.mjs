import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import test from 'ava';
import sharp from 'sharp';
import { readFrames } from '../dist/clip/readFrames.js';
import { colormap } from '../dist/report/colormap.js';
import { percent } from '../dist/report/numbers.js';
import { overlay } from '../dist/report/overlay.js';
import { overlayFrames, showingRate } from '../dist/report/overlayVideo.js';
import { explanationDocument } from '../dist/report/page/explanationDocument.js';
import { pageHtml } from '../dist/report/page/pageHtml.js';
import { drawSheet } from '../dist/report/sheet.js';
import { renderText } from '../dist/report/text.js';
import { writeReport } from '../dist/report/writeReport.js';

const NASTY = `<img src=x onerror="alert('1')">&`;

const reportInput = (overrides = {}) => {
  const [frames, height, width] = [6, 20, 24];
  const voxels = frames * height * width;
  return {
    clip: {
      data: new Float32Array(voxels * 3),
      rgb: new Uint8Array(voxels * 3).fill(200),
      frames,
      height,
      width,
      fps: 25,
      sourceFrames: 60,
      indices: [5, 15, 25, 35, 45, 55],
      sourceHeight: 40,
      sourceWidth: 48,
      source: `${NASTY}.mp4`,
      warnings: [NASTY],
    },
    mask: new Float32Array(voxels).map((_, i) => (i % width < width / 2 ? 1 : 0)),
    perturbed: new Uint8Array(voxels * 3).map((_, i) => (Math.floor(i / 3) % width < width / 2 ? 200 : 70)),
    method: NASTY,
    model: NASTY,
    target: NASTY,
    probability: { original: 0.931, explained: 0.874 },
    predicted: { original: { name: NASTY, probability: 0.9 }, explained: { name: NASTY, probability: 0.8 } },
    realisedArea: 0.5,
    energy: Array.from({ length: 1000 }, (_, i) => ({
      iteration: i + 1,
      reward: 50 / (i + 1),
      area: 3,
      core: 0,
    })),
    config: { note: `</pre><script>${NASTY}` },
    versions: { 'fep-native': '0.1.0' },
    ...overrides,
  };
};

test('colour maps are the published ones', (t) => {
  const at = (name, i) => [...colormap(name).subarray(i * 3, i * 3 + 3)];
  // matplotlib 3.9: cm.viridis(i, bytes=True) and so on
  t.deepEqual(at('viridis', 0), [68, 1, 84]);
  t.deepEqual(at('viridis', 128), [33, 145, 140]);
  t.deepEqual(at('viridis', 255), [253, 231, 37]);
  t.deepEqual(at('inferno', 0), [0, 0, 4]);
  t.deepEqual(at('inferno', 255), [252, 255, 164]);
  t.deepEqual(at('magma', 255), [252, 253, 191]);
});

test('overlay, by hand', (t) => {
  const picture = { data: Uint8Array.from([100, 100, 100, 100, 100, 100]), height: 1, width: 2 };
  const frame = { ...picture, mask: new Float32Array([0, 1]) };
  t.deepEqual(
    [...overlay(frame).data],
    [0, 0, 4, 252, 255, 164].map((v) => Math.round(45 + 0.55 * v)),
  );
});

test('the overlay video shows clip, mask and what the model saw side by side', async (t) => {
  const { data, height, width } = await overlayFrames(reportInput());
  t.is(data.length, 6 * height * width * 3);
  t.deepEqual([height % 2, width % 2], [0, 0]);
  const at = (x) => [...data.subarray((100 * width + x) * 3, (100 * width + x) * 3 + 3)];
  t.deepEqual(at(20), [200, 200, 200]);
  t.deepEqual(
    at(10 + 192 + 10 + 10),
    [252, 255, 164].map((v) => Math.round(90 + 0.55 * v)),
  );
  t.deepEqual(at(10 + 2 * 202 + 10), [200, 200, 200]);
  t.deepEqual(at(10 + 2 * 202 + 180), [70, 70, 70]);
});

test('text shows, whatever fonts the system has', async (t) => {
  const ink = async (text, style = {}) => {
    const { data, height, width } = await renderText(text, { size: 20, colour: [0, 0, 0], ...style });
    return { height, width, dark: data.filter((v, i) => i % 4 === 3 && v > 128).length };
  };
  const [i, m, bold] = [await ink('iiii'), await ink('mmmm'), await ink('mmmm', { bold: true })];
  // Missing glyphs would be boxes, all of one width.
  t.true(m.width > 2.5 * i.width, `${i.width}, ${m.width}`);
  t.true(bold.dark > m.dark);
  t.is(i.height, m.height);
  const long = await ink('a very long class name that does not fit', { maxWidth: 120 });
  t.true(long.width <= 120 && long.width > 60, `${long.width}`);
  t.true((await ink('')).height > 0);
  t.true((await ink('two\nlines <b>&')).height === m.height);
});

test('the sheet has a row of frames, one of masks, one of what the model saw', async (t) => {
  const sheet = await drawSheet(reportInput());
  const at = (x, y) => [...sheet.data.subarray((y * sheet.width + x) * 3, (y * sheet.width + x) * 3 + 3)];
  t.deepEqual(at(38, 104), [200, 200, 200]);
  t.deepEqual(
    at(38, 104 + 146),
    [252, 255, 164].map((v) => Math.round(90 + 0.55 * v)),
  );
  t.deepEqual(at(28 + 160, 104 + 2 * 146), [70, 70, 70]);
});

test('percentages do not round to certainty', (t) => {
  t.deepEqual([0, 1, 0.5, 0.9999, 0.0001].map(percent), [
    '0.0 %',
    '100.0 %',
    '50.0 %',
    '> 99.9 %',
    '< 0.1 %',
  ]);
});

test('the clip is shown at the pace of its source, within reason', (t) => {
  t.is(showingRate({ fps: 25, indices: [0, 5, 10, 15] }), 5);
  t.is(showingRate({ fps: 25, indices: [0, 1, 2, 3] }), 12);
  t.is(showingRate({ fps: 25, indices: [0, 500] }), 4);
  t.is(showingRate({ fps: 5, indices: [0, 0] }), 5);
});

const unpack = ({ base64 }) => inflateSync(Buffer.from(base64, 'base64'));

test('a document holds the mask to the nearest 255th, and every frame', async (t) => {
  const mask = new Float32Array(6 * 20 * 24).map((_, i) => i / (6 * 20 * 24 - 1));
  const { clip, mask: packed } = await explanationDocument(reportInput({ mask }));
  const bytes = unpack(packed.mask);
  t.is(bytes.length, mask.length);
  t.true(mask.every((value, i) => Math.abs(bytes[i] / 255 - value) <= 0.5 / 255 + 1e-6));
  t.deepEqual(
    bytes.map((byte) => (byte >= 128 ? 1 : 0)),
    Buffer.from(mask.map((value) => (value >= 0.5 ? 1 : 0))),
    'a threshold of ½ is exact',
  );
  const picture = sharp(Buffer.from(clip.pictures.url.split(',')[1], 'base64'));
  const { height, width } = await picture.metadata();
  t.deepEqual([height, width, clip.pictures.columns], [2 * 20, 3 * 24, 3]);
  const { data } = await picture.raw().toBuffer({ resolveWithObject: true });
  t.true(data.every((value) => Math.abs(value - 200) <= 3));
});

test('a document has at most 400 points of the energy, finite ones, the last among them', async (t) => {
  const { energy } = reportInput();
  const nan = { iteration: 1001, reward: Number.NaN, area: 0, core: 0 };
  const document = await explanationDocument(reportInput({ energy: [...energy, nan] }));
  t.is(document.mask.energy.length, 400);
  t.deepEqual([document.mask.energy[0].iteration, document.mask.energy.at(-1).iteration], [1, 1000]);
});

test('a document has the boxes, where there are some', async (t) => {
  const inside = new Uint8Array(6 * 20 * 24).map((_, i) => i % 2);
  const annotated = [true, false, true, true, true, true];
  const { clip } = await explanationDocument(reportInput({ boxes: { inside, annotated } }));
  t.deepEqual(unpack(clip.boxes), Buffer.from(inside));
  t.deepEqual(clip.annotated, annotated);
  t.false('boxes' in (await explanationDocument(reportInput())).clip);
});

test('the page fetches nothing, and no name can end its script', async (t) => {
  const input = reportInput({ target: `</script><script>alert(1)</script>${NASTY}$&` });
  const html = pageHtml(input.target, await explanationDocument(input));
  t.false(html.includes('<img src=x') || html.includes('<script>alert'));
  t.regex(
    html,
    /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-/,
  );
  t.notRegex(
    html.replace(/<(script|title)[\s\S]*?<\/\1>|<!--[\s\S]*?-->/g, ''),
    /src=|href=|url\(|@import|https?:/,
  );
  const json = /<script type="application\/json" id="fep-document">([\s\S]*?)<\/script>/.exec(html)[1];
  t.is(JSON.parse(json).target, input.target);
  t.true(html.length < 2 ** 20, `${html.length}`);
  const [licences] = /<!--\nThis contains:[\s\S]*?-->/.exec(html);
  for (const name of ['preact', '@observablehq/plot', 'd3-contour'])
    t.true(licences.includes(`${name}\n`), name);
});

test('a report is three whole files', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'fep-report-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const files = await writeReport(folder, reportInput());
  t.deepEqual((await readdir(folder)).sort(), ['overlay.mp4', 'report.html', 'sheet.png']);
  t.is((await readFrames(files.overlay)).frames, 6);
  t.is((await sharp(files.sheet).metadata()).format, 'png');
  t.regex(await readFile(files.report, 'utf8'), /^<!doctype html>[\s\S]*<\/html>\n$/);
});

test('the overlay as GIF and WebP shows what the video shows, frame by frame', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'fep-report-'));
  t.teardown(() => rm(folder, { recursive: true }));
  await writeReport(folder, reportInput()); // whose overlay.mp4 has to go
  const moving = (_, i) => (i % 24 < 4 * Math.floor(i / (20 * 24)) ? 1 : 0);
  const input = reportInput({ mask: new Float32Array(6 * 20 * 24).map(moving) });
  const files = await writeReport(folder, input, ['webp', 'gif']);
  t.deepEqual(files.overlays, [join(folder, 'overlay.webp'), join(folder, 'overlay.gif')]);
  t.is(files.overlay, files.overlays[0]);
  const overlays = (await readdir(folder)).filter((name) => name.startsWith('overlay'));
  t.deepEqual(overlays.sort(), ['overlay.gif', 'overlay.webp']);
  const expected = await overlayFrames(input);
  for (const path of files.overlays) {
    const { data, frames, height, width, fps } = await readFrames(path);
    t.like({ frames, height, width }, { frames: 6, height: expected.height, width: expected.width }, path);
    t.true(Math.abs(fps - showingRate(input.clip)) < 0.1, `${path}: ${fps} frames per second`);
    for (let frame = 0; frame < 6; frame++) {
      const size = height * width * 3;
      const [found, drawn] = [data, expected.data].map((all) =>
        all.subarray(frame * size, (frame + 1) * size),
      );
      const off = found.reduce((sum, value, i) => sum + Math.abs(value - drawn[i]), 0) / size;
      t.true(off < 3, `${path}, frame ${frame}: off by ${off} of 255`); // a palette, and a lossy coder
    }
  }
});

test('a mask of another shape is refused', async (t) => {
  const error = await t.throwsAsync(overlayFrames(reportInput({ mask: new Float32Array(7) })));
  t.is(error.code, 'FEP_SHAPE');
});
