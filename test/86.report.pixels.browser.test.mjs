// What players draw is what a plain painting of frame, mask and colours would be, at first, from what they keep, and after
// everything that makes them paint anew.
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { compare, loadModel, saveComparison } from 'fep-native';
import { openDataset } from 'fep-native/datasets';
import { colormap } from '../dist/report/colormap.js';
import { SMALL } from './helpers/bench.mjs';
import { browserTest, closeBrowser, hasBrowser, open } from './helpers/browser.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';

const METHODS = ['gradients', 'grad-cam', 'center'];
const FRAMES = 8;
const OPACITY = 0.55;
const cleanups = [];
let file;

test.before(async () => {
  if (!hasBrowser) return;
  const folder = temporaryFolder({ teardown: (remove) => cleanups.push(remove) });
  const model = await loadModel(SMALL);
  cleanups.push(() => model.dispose());
  const { samples } = await openDataset('synthetic', { limit: 1 });
  const { clip, boxes } = await samples[0].read(model.manifest.input);
  const subject = { clip, boxes, label: samples[0].label };
  const compared = await compare(model, subject, { methods: METHODS, curveSteps: 2 });
  file = pathToFileURL((await saveComparison(folder, model, subject, compared)).page).href;
});

test.after.always(async () => {
  await closeBrowser();
  for (const clean of cleanups) clean();
});

/** Moves a slider as a person's drag does. */
const slide = (page, name, value) =>
  page.getByRole('slider', { name, exact: true }).evaluate((slider, to) => {
    slider.value = String(to);
    slider.dispatchEvent(new Event('input', { bubbles: true }));
  }, value);

/** What every player shows, as pictures. */
const drawn = (page) => page.$$eval('.player', (players) => players.map((canvas) => canvas.toDataURL()));

/** The same at every frame of the clip. */
async function drawnAtAll(page) {
  const frames = [];
  for (let frame = 0; frame < FRAMES; frame++) {
    await slide(page, 'Frame', frame);
    frames.push(await drawn(page));
  }
  return frames;
}

/**
 * Runs in the page: paints every method's frame with nothing but the document, the frame enlarged and over it the mask
 * enlarged. Returns the largest difference from what the players show.
 */
async function differenceFromPlain({ frame, table }) {
  const { clip, methods } = JSON.parse(document.getElementById('fep-document').textContent);
  const { width, height } = document.querySelector('.player');
  const bytesOf = async ({ base64 }) => {
    const packed = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  };
  const frameOf = async ({ url, columns }) => {
    const image = new Image();
    image.src = url;
    await image.decode();
    const [x, y] = [frame % columns, Math.floor(frame / columns)];
    return createImageBitmap(image, x * clip.width, y * clip.height, clip.width, clip.height);
  };
  const paint = async ({ mask }) => {
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const context = canvas.getContext('2d', { alpha: false });
    context.imageSmoothingQuality = 'high';
    context.drawImage(await frameOf(clip.pictures), 0, 0, width, height);
    const plane = clip.width * clip.height;
    const values = (await bytesOf(mask)).subarray(frame * plane, (frame + 1) * plane);
    const colours = new ImageData(clip.width, clip.height);
    for (const [i, value] of values.entries()) colours.data.set(table.slice(4 * value, 4 * value + 4), 4 * i);
    context.drawImage(await createImageBitmap(colours), 0, 0, width, height);
    return context;
  };
  const players = [...document.querySelectorAll('.player')].slice(1); // after the clip itself
  if (players.length !== methods.length) throw new Error(`${players.length} players`);
  let most = 0;
  for (const [i, method] of methods.entries()) {
    const [plain, shown] = [await paint(method), players[i].getContext('2d')].map(
      (context) => context.getImageData(0, 0, width, height).data,
    );
    for (const [j, value] of plain.entries()) most = Math.max(most, Math.abs(value - shown[j]));
  }
  return most;
}

/** RGBA of the 256 mask values, as the look has them. */
function tableOf(look) {
  const colours = colormap('inferno');
  const alpha = look === 'Mask' ? 255 : 255 * OPACITY;
  return Array.from({ length: 256 }, (_, i) => [...colours.subarray(3 * i, 3 * i + 3), alpha]).flat();
}

for (const look of ['Overlay', 'Mask'])
  browserTest(`${look}: pixels are those of a plain painting, within a level`, async (t) => {
    const { page } = await open(t, file);
    await page.waitForSelector('.player');
    await page.getByRole('radio', { name: look }).check();
    await page.getByLabel('Outline of M ≥ τ').uncheck();
    await page.getByLabel('Boxes').uncheck();
    for (const frame of [0, 5, 0, 5]) {
      await slide(page, 'Frame', frame);
      const levels = await page.evaluate(differenceFromPlain, { frame, table: tableOf(look) });
      t.true(levels <= 1, `frame ${frame}: ${levels} levels`);
    }
  });

browserTest('what was kept is what was painted, and every control paints anew', async (t) => {
  const { page } = await open(t, file);
  await page.waitForSelector('.player');
  const first = await drawnAtAll(page);
  t.deepEqual(await drawnAtAll(page), first, 'the second time round');
  t.notDeepEqual(first[0], first[4]);
  const outline = page.getByLabel('Outline of M ≥ τ');
  await outline.uncheck();
  t.notDeepEqual(await drawnAtAll(page), first, 'without outlines');
  await outline.check();
  await slide(page, 'Opacity', 0.9);
  t.notDeepEqual(await drawnAtAll(page), first, 'less of the clip');
  await slide(page, 'Opacity', OPACITY);
  t.deepEqual(await drawnAtAll(page), first, 'back again');
});

browserTest('a window that is made smaller has outlines as a small window has them', async (t) => {
  const small = { width: 700, height: 900 };
  const { page } = await open(t, file);
  await page.waitForSelector('.player');
  await drawnAtAll(page);
  await page.setViewportSize(small);
  await page.evaluate(() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next))));
  const { page: fresh } = await open(t, file, small);
  await fresh.waitForSelector('.player');
  t.deepEqual(await drawnAtAll(page), await drawnAtAll(fresh));
});
