// What is asked with the studio's page in a real browser: which part of a clip, what a mask painted by hand keeps, and which
// frequencies.
import { inflateSync } from 'node:zlib';
import test from 'ava';
import { createStudio } from '../dist/studio/studio.js';
import { launchBrowser } from '../scripts/browser.mjs';
import { browserTest, closeBrowser, hasBrowser } from './helpers/browser.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';
import { client, ENDS } from './helpers/studio.mjs';
import { barriers, openStudioPage, WAIT, watchStroke } from './helpers/studioPage.mjs';

const clip = { source: { kind: 'sample' } };
const model = 'shipped:r2plus1d-mini';
const [FRAMES, SIDE] = [16, 112];
const QUESTION = { clip, model, options: { method: 'f-ep', iterations: 40, lowRatio: 0.5, highRatio: 0.2 } };

let studio;
let browser;
let server;
let page;
let wrong;
/** A run that has ended. */
let run;
const cleanups = [];

test.before(async () => {
  if (!hasBrowser) return;
  const folder = temporaryFolder({ teardown: (remove) => cleanups.push(remove) });
  studio = await createStudio({ folder });
  server = client(studio.address);
  browser = await launchBrowser();
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  ({ page, wrong } = await openStudioPage(context, studio.address));
});
test.after.always(async () => {
  await browser?.close();
  await closeBrowser();
  await studio?.close();
  for (const clean of cleanups) clean();
});

/** Waits until a text is as wanted, and gives it. */
async function textOf(locator, wanted) {
  for (;;) {
    const text = await locator.textContent();
    if (wanted.test(text)) return text;
    await page.waitForTimeout(20);
  }
}

/** Waits until the address of the view says something. */
const inAddress = (text) =>
  page.waitForFunction((part) => decodeURIComponent(location.href).includes(part), text);

const first = () => page.getByRole('slider', { name: 'First frame' });
const last = () => page.getByRole('slider', { name: 'Last frame' });
const said = (slider) => slider.getAttribute('aria-valuetext');

browserTest('trim: the frames of the clip in a row, and two handles with the keys of sliders', async (t) => {
  await first().waitFor(WAIT);
  const colours = await page.locator('.film').evaluate((film) => {
    const { data } = film.getContext('2d').getImageData(0, 0, film.width, film.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
  t.true(colours > 1000, `${colours} colours`);
  await first().focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
  t.is(await said(first()), 'frame 4, 0.38 s');
  await inAddress('"start":3');
  await page
    .getByRole('button', { name: /^Explain / })
    .first()
    .waitFor(WAIT); // of what is left of the clip
  t.true(await first().evaluate((handle) => handle === document.activeElement), 'the handle keeps the focus');
  await page.keyboard.press('End');
  t.is(await said(first()), 'frame 16, 1.88 s', 'not beyond the other handle');
  await page.keyboard.press('Home');
  await last().focus();
  await page.keyboard.press('ArrowLeft');
  t.is(await said(last()), 'frame 15, 1.88 s');
  await page.getByText('15 of 16 frames, 1.88 s').waitFor();
});

browserTest('trim: the handles are dragged', async (t) => {
  const { x, y, width, height } = await last().boundingBox();
  await page.mouse.move(x + 7 + (width - 14) * (15 / 16), y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + 7 + (width - 14) / 2, y + height / 2, { steps: 5 });
  await page.mouse.up();
  t.is(await said(last()), 'frame 8, 1.00 s');
  await inAddress('"end":8');
  await page
    .getByRole('button', { name: /^Explain / })
    .first()
    .waitFor(WAIT);
  t.deepEqual(await barriers(page), []);
});

const brush = () => page.locator('.paintable');
const kept = () => page.locator('.kept');
/** The share that is kept, once the model has said what it says of it. */
async function keptShare() {
  await page.locator('.kept[aria-busy=false]').waitFor(WAIT);
  return Number(/; ([\d.]+) % of it kept/.exec(await kept().textContent())[1]);
}
const probability = async () => {
  await page.locator('.kept[aria-busy=false]').waitFor(WAIT);
  return Number(/([\d.]+) %/.exec(await kept().locator('b').textContent())[1]);
};
const press = (name) => page.getByRole('button', { name, exact: true }).click();
const choose = (name) => page.getByRole('radio', { name, exact: true }).check({ force: true });

/** A stroke from one place of the frame to another, in shares of its sides. */
async function stroke([fromX, fromY], [toX, toY]) {
  const { x, y, width, height } = await brush().boundingBox();
  await page.mouse.move(x + fromX * width, y + fromY * height);
  await page.mouse.down();
  await page.mouse.move(x + toX * width, y + toY * height, { steps: 8 });
  await page.mouse.up();
}

browserTest('the brush begins with the run’s mask and says what the run said of it', async (t) => {
  run = await server.start(QUESTION);
  run = await server.until(run.id, ENDS);
  t.is(run.state, 'done', JSON.stringify(run.problem));
  await page.goto(`${studio.address}#/run/${run.id}`);
  await page.getByRole('heading', { name: 'Keep or remove by hand' }).click(WAIT);
  t.true(Math.abs((await keptShare()) - 100 * run.result.realisedArea) < 0.2);
  t.true(Math.abs((await probability()) - 100 * run.result.probability.explained) < 1);
  await brush().scrollIntoViewIfNeeded();
  t.deepEqual(await barriers(page), []);
});

browserTest('strokes keep, remove and erase, through one, some and all frames', async (t) => {
  await press('Begin with Everything');
  t.is(await keptShare(), 100);
  t.true(Math.abs((await probability()) - 100 * run.result.probability.original) < 0.2);
  await choose('Remove');
  await page.getByRole('slider', { name: 'Size of the brush' }).fill('40');
  const dot = (100 * Math.PI * 40 ** 2) / SIDE ** 2; // of a frame, percent
  const near = async (share, about) =>
    t.true(Math.abs((await keptShare()) - share) < 0.5, `${about}: ${await keptShare()} instead of ${share}`);
  await choose('This frame');
  await stroke([0.5, 0.5], [0.5, 0.5]);
  await near(100 - dot / FRAMES, 'one frame');
  await choose('Some');
  await page.getByLabel('First painted frame').fill('5');
  await page.getByLabel('Last painted frame').fill('12');
  await page.keyboard.press('Tab');
  await stroke([0.5, 0.5], [0.5, 0.5]);
  await near(100 - (9 * dot) / FRAMES, 'eight further ones');
  await choose('All');
  await stroke([0.5, 0.5], [0.5, 0.5]);
  await near(100 - dot, 'all');
  await choose('Erase');
  await stroke([0.5, 0.5], [0.5, 0.5]);
  await near(100, 'erased');
  await press('Begin with Nothing');
  await choose('Keep');
  await stroke([0.5, 0.5], [0.5, 0.5]);
  await near(dot, 'kept');
});

browserTest('what is painted changes the number and the picture, and is undone and redone', async (t) => {
  const seen = page.getByRole('img', { name: 'The clip as the model saw it under the painted mask' });
  const picture = () => seen.evaluate((canvas) => canvas.toDataURL());
  await press('Begin with Everything');
  const [before, whole] = [await probability(), await picture()];
  await choose('Remove');
  for (const row of [0.1, 0.4, 0.7, 0.95]) await stroke([0, row], [1, row]);
  t.true((await keptShare()) < 5);
  const after = await probability();
  t.true(after < before - 20, `${before} % before, ${after} % after`);
  for (let i = 0; i < 200 && (await picture()) === whole; i++) await page.waitForTimeout(20);
  t.not(await picture(), whole);
  const bar = page.locator('.kept-bars li', { hasText: run.result.target });
  t.true((await bar.textContent()).includes(`${after.toFixed(1)} % (clip ${before.toFixed(1)} %)`));
  for (let i = 0; i < 4; i++) await press('Undo');
  t.is(await probability(), before);
  for (let i = 0; i < 4; i++) await press('Redo');
  t.is(await probability(), after);
  t.true(await page.getByRole('button', { name: 'Redo' }).isDisabled());
  await press('Begin with The run’s mask');
  t.true(Math.abs((await keptShare()) - 100 * run.result.realisedArea) < 0.2);
});

browserTest('the number follows a stroke at once', async (t) => {
  await press('Begin with Everything');
  await page.getByRole('slider', { name: 'Size of the brush' }).fill('8');
  const taken = [];
  for (let i = 0; i < 8; i++) {
    await keptShare();
    await page.evaluate(watchStroke);
    await stroke([0.2, 0.1 + 0.1 * i], [0.8, 0.1 + 0.1 * i]);
    taken.push(await page.evaluate(() => globalThis.answered));
  }
  taken.sort((a, b) => a - b);
  t.log(`from the end of a stroke to the number: ${taken.map((ms) => ms.toFixed(0)).join(', ')} ms`);
  t.true(taken[0] < 1000);
});

browserTest('the brush by keys: arrows move it, Space paints, and the report’s player stays', async (t) => {
  await press('Begin with Everything');
  await brush().focus();
  const report = page.locator('.stage .player').first();
  const shown = await report.getAttribute('data-frame');
  await textOf(page.locator('.transport .place').last(), /^1 \/ 16/);
  const label = () => brush().getAttribute('aria-label');
  const [, column] = /column (\d+)/.exec(await label());
  await page.keyboard.press('ArrowRight');
  t.true((await label()).includes(`column ${Number(column) + 8}`));
  await page.keyboard.press('Shift+ArrowLeft');
  t.true((await label()).includes(`column ${Number(column) + 7}`));
  await page.keyboard.press(']');
  await page.keyboard.press(']');
  await page.keyboard.press('[');
  t.is(await page.getByRole('slider', { name: 'Size of the brush' }).inputValue(), '9');
  await page.keyboard.press('Space');
  t.true(Math.abs((await keptShare()) - (100 - (100 * Math.PI * 81) / SIDE ** 2)) < 0.2);
  await page.keyboard.press('Control+z');
  t.is(await keptShare(), 100);
  await page.keyboard.press('Control+Shift+Z');
  t.true((await keptShare()) < 99);
  await page.keyboard.press('PageDown');
  t.regex(await label(), /^Frame 2 of 16/);
  t.is(await report.getAttribute('data-frame'), shown);
});

browserTest('what was painted is there when one comes back', async (t) => {
  const before = [await keptShare(), await probability()];
  await page.getByRole('link', { name: 'Runs' }).click();
  await page.getByRole('link', { name: `Open ${run.title}` }).click();
  await kept().waitFor(WAIT);
  t.deepEqual([await keptShare(), await probability()], before);
  t.is(await page.getByRole('slider', { name: 'Size of the brush' }).inputValue(), '9');
  await press('Undo');
  t.is(await keptShare(), 100);
});

/** The shares of A and B, counted frequency by frequency as Eq. (6) prints them, on a grid that no edge falls between. */
function bandsOf({ shape, shares }, low, high) {
  const energy = new Float32Array(Uint8Array.from(inflateSync(Buffer.from(shares.base64, 'base64'))).buffer);
  const [, height, width] = shape;
  const sums = { low: 0, high: 0 };
  for (const [n, share] of energy.entries()) {
    const place = [Math.floor(n / (height * width)), Math.floor(n / width) % height, n % width];
    const ratios = place.map((index, axis) => (index + 1) / shape[axis]);
    if (ratios.every((ratio) => ratio <= low + 1e-9)) sums.low += share;
    else if (!ratios.every((ratio) => ratio <= 1 - high + 1e-9)) sums.high += share;
  }
  return sums;
}

const bandsSaid = async () => {
  const text = await page.locator('.kept-share').textContent();
  return [...text.matchAll(/([\d.]+) %/g)].map(([, share]) => Number(share));
};

browserTest(
  'the spectrum says what r_l and r_h keep of the run’s gradient, and follows the sliders',
  async (t) => {
    await page.getByText('Which frequencies the run’s gradient has').click();
    await page.getByRole('img', { name: /^The spectrum of the gradient/ }).waitFor(WAIT);
    const spectrum = await server.json(`/api/runs/${run.id}/spectrum`);
    const near = async (low, high) => {
      const counted = bandsOf(spectrum, low, high);
      const [all, inA, inB] = await bandsSaid();
      t.true(Math.abs(inA - 100 * counted.low) < 0.1, `A: ${inA}, counted ${counted.low}`);
      t.true(Math.abs(inB - 100 * counted.high) < 0.1, `B: ${inB}, counted ${counted.high}`);
      t.true(Math.abs(all - inA - inB) < 0.15);
    };
    await near(0.5, 0.2);
    const edges = () => page.locator('.spectrum .edge').first().getAttribute('d');
    const before = await edges();
    await page.getByRole('slider', { name: 'Low ratio r_l slider' }).fill('0.25');
    await near(0.25, 0.2);
    t.not(await edges(), before);
    await page.getByRole('slider', { name: 'High ratio r_h slider' }).focus();
    await page.keyboard.press('End');
    t.is(
      await page.getByLabel('Low ratio r_l', { exact: true }).inputValue(),
      '0',
      'together they are at most 1',
    );
    t.deepEqual(await bandsSaid(), [100, 0, 100]);
    await page.getByRole('slider', { name: 'Low ratio r_l slider' }).fill('0.7');
    t.is(await page.getByLabel('High ratio r_h', { exact: true }).inputValue(), '0.3');
    t.is((await bandsSaid())[0], 100);
    t.deepEqual(await barriers(page), []);
  },
);

browserTest('a phone has no sideways scrolling with all of it open', async (t) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const wide = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  t.true((await wide()) <= 0);
  await page.evaluate(() => {
    location.hash = '#/new';
  });
  await first().waitFor(WAIT);
  t.true((await wide()) <= 0);
  await page.goBack();
  await page.setViewportSize({ width: 1280, height: 800 });
});

browserTest('asking again asks with the ratios of the sliders', async (t) => {
  await page.getByRole('slider', { name: 'Low ratio r_l slider' }).fill('0.25');
  await page.getByRole('button', { name: 'Ask again' }).click(WAIT);
  await page.locator('.again code', { hasText: '--low-ratio 0.25' }).waitFor(WAIT);
  t.not(page.url(), `#/run/${run.id}`);
});

browserTest('a method that filters nothing has no spectrum, but has a brush', async (t) => {
  const { id } = await server.start({ clip, model, options: { method: 'gradients' } });
  await server.until(id, ENDS);
  await page.goto(`${studio.address}#/run/${id}`);
  await page.getByRole('heading', { name: 'Keep or remove by hand' }).waitFor(WAIT);
  t.is(await page.getByText('Which frequencies the run’s gradient has').count(), 0);
});

browserTest('of a mask that takes away, the brush begins with what it leaves', async (t) => {
  const options = { ...QUESTION.options, variant: 'delete' };
  const { id } = await server.start({ clip, model, options });
  const { result } = await server.until(id, ENDS);
  await page.goto(`${studio.address}#/run/${id}`);
  await page.getByRole('heading', { name: 'Keep or remove by hand' }).click(WAIT);
  t.true(Math.abs((await keptShare()) - 100 * (1 - result.realisedArea)) < 0.2);
});

browserTest('nothing was said on the console, and no other host was asked', (t) => {
  t.deepEqual(wrong, []);
});
