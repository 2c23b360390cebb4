// The pages in a real browser: they load without a network, players move together, sliders and keys do what they say.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { compare, explain, loadModel, readNpy, saveComparison, saveExplanation } from 'fep-native';
import { ablate, bench } from 'fep-native/bench';
import { openDataset } from 'fep-native/datasets';
import { colormap } from '../dist/report/colormap.js';
import { percent } from '../dist/report/numbers.js';
import { SMALL } from './helpers/bench.mjs';
import { browserTest, closeBrowser, hasBrowser, open } from './helpers/browser.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';
import { NINE_METHODS } from './helpers/nineMethods.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const files = {};
let mask;
let perturbed;
let tried;
const cleanups = [];

test.before(async () => {
  if (!hasBrowser) return;
  const folder = temporaryFolder({ teardown: (remove) => cleanups.push(remove) });
  const model = await loadModel('r2plus1d-mini');
  cleanups.push(() => model.dispose());
  const { samples } = await openDataset('synthetic', { limit: 1 });
  const { clip, boxes } = await samples[0].read(model.manifest.input);
  const explanation = await explain(model, clip, { method: 'f-ep', iterations: 6 });
  const [saved] = await saveExplanation(join(folder, 'explain'), model, clip, explanation, { boxes });
  const found = await explain(model, clip, { preset: 'quick', area: 'smallest', iterations: 24 });
  const [smallest] = await saveExplanation(join(folder, 'smallest'), model, clip, found);
  const subject = { clip, boxes, label: samples[0].label };
  const options = { methods: NINE_METHODS, iterations: 3, curveSteps: 4 };
  const compared = await compare(model, subject, options);
  const { page } = await saveComparison(join(folder, 'compare'), model, subject, compared);
  await bench({
    out: join(folder, 'bench'),
    models: [SMALL],
    methods: ['gradients', 'grad-cam', 'center'],
    area: [0.05, 0.1],
    limit: 2,
    curveSteps: 2,
  });
  await ablate({
    out: join(folder, 'ablate'),
    models: [SMALL],
    lowRatios: [0.5],
    step: 16,
    sigma: 23,
    iterations: 2,
    limit: 2,
    curveSteps: 2,
    keepClips: 1,
  });
  files.ablate = pathToFileURL(join(folder, 'ablate', 'ablation.html')).href;
  files.bench = pathToFileURL(join(folder, 'bench', 'bench.html')).href;
  files.explain = pathToFileURL(saved.report).href;
  files.compare = pathToFileURL(page).href;
  files.smallest = pathToFileURL(smallest.report).href;
  mask = (await readNpy(saved.mask)).data;
  perturbed = explanation.masks[0].perturbed;
  tried = found.search.tried;
});

test.after.always(async () => {
  await closeBrowser();
  for (const clean of cleanups) clean();
});

/** The frames that a page's players show. */
const shownFrames = (page, within = '') =>
  page.$$eval(`${within} .player`, (players) => players.map(({ dataset }) => Number(dataset.frame)));

/** Moves a slider as a person's drag does. */
const slide = (page, name, value) =>
  page.getByRole('slider', { name, exact: true }).evaluate((slider, to) => {
    slider.value = String(to);
    slider.dispatchEvent(new Event('input', { bubbles: true }));
  }, value);

for (const kind of ['explain', 'smallest', 'compare', 'bench', 'ablate']) {
  const ready = ['bench', 'ablate'].includes(kind) ? '.chart svg' : '.player';
  browserTest(
    `${kind}: loads from disk without an error or a request, by light and in the dark`,
    async (t) => {
      for (const dark of [false, true]) {
        const { page, wrong } = await open(t, files[kind], { dark });
        await page.waitForSelector(ready);
        t.deepEqual(wrong, []);
        const empty = await page.$$eval('.player', (players) =>
          players.map((canvas) => {
            const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            return data.every((value) => value === data[0]);
          }),
        );
        t.is(
          empty.length,
          { explain: 2, smallest: 2, compare: NINE_METHODS.length + 1, bench: 0, ablate: 0 }[kind],
        );
        t.false(empty.includes(true), 'every player shows a picture');
      }
    },
  );

  browserTest(`${kind}: axe finds nothing serious`, async (t) => {
    for (const dark of [false, true]) {
      const { page } = await open(t, files[kind], { dark });
      await page.waitForSelector(ready);
      if (kind === 'compare') await page.locator('.enlarge').first().click();
      await page.evaluate(AXE);
      const { violations } = await page.evaluate(() => axe.run());
      const found = violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0].html}`);
      t.deepEqual(
        found.filter((line) => /^(serious|critical)/.test(line)),
        [],
      );
    }
  });

  browserTest(`${kind}: fits a phone`, async (t) => {
    const { page } = await open(t, files[kind], { width: 390, height: 844 });
    await page.waitForSelector(ready);
    t.true((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390);
  });
}

browserTest('the scrubber moves all players to the same frame', async (t) => {
  const { page } = await open(t, files.compare);
  await page.waitForSelector('.player');
  t.deepEqual(new Set(await shownFrames(page)), new Set([0]));
  await slide(page, 'Frame', 9);
  t.deepEqual(await shownFrames(page), Array(NINE_METHODS.length + 1).fill(9));
});

/** What the mask's player shows, 112×112 RGBA. */
const shownPixels = (page) =>
  page.$$eval('.player', ([, canvas]) => {
    const small = new OffscreenCanvas(112, 112).getContext('2d');
    small.imageSmoothingQuality = 'high';
    small.drawImage(canvas, 0, 0, 112, 112);
    return [...small.getImageData(0, 0, 112, 112).data];
  });

/** Opens an explanation at frame 7 with a look, and nothing drawn over it. */
async function openLook(t, file, look) {
  const { page } = await open(t, file);
  await page.waitForSelector('.player');
  await page.getByRole('radio', { name: look }).check();
  await page.getByLabel('Outline of M ≥ τ').uncheck();
  if (file === files.explain) await page.getByLabel('Boxes').uncheck();
  await slide(page, 'Frame', 7);
  return page;
}

/** How far pixels are from frame 7 of T×H×W×3 bytes, on average. */
function awayFrom(pixels, rgb) {
  const frame = rgb.subarray(7 * 112 * 112 * 3, 8 * 112 * 112 * 3);
  let off = 0;
  for (let i = 0; i < 112 * 112; i++)
    for (let c = 0; c < 3; c++) off += Math.abs(pixels[4 * i + c] - frame[3 * i + c]);
  return off / frame.length;
}

browserTest('perturbed: the clip as the model saw it under the mask', async (t) => {
  const page = await openLook(t, files.explain, 'Perturbed');
  const off = awayFrom(await shownPixels(page), perturbed);
  t.true(off < 3, `off by ${off} of 255`); // enlarged, made small again, and through a lossy coder
  await page.getByRole('radio', { name: 'Faded' }).check();
  t.true(awayFrom(await shownPixels(page), perturbed) > 5, 'faded is something else');
});

browserTest('a slider shows every mask that the search for the smallest tried', async (t) => {
  const page = await openLook(t, files.smallest, 'Perturbed');
  const slider = page.getByRole('slider', { name: 'Size of the mask' });
  t.is(await slider.getAttribute('max'), String(tried.length - 1));
  for (const [i, { perturbed: seen, realisedArea, realisedAreaAtHalf }] of tried.entries()) {
    await slide(page, 'Size of the mask', i);
    const off = awayFrom(await shownPixels(page), seen);
    t.true(off < 3, `mask ${i}: off by ${off} of 255`);
    const said = await page.locator('[data-part=search] output').textContent();
    const size = Math.max(realisedArea, realisedAreaAtHalf);
    t.true(said.includes(`${percent(size)} of the clip`), said);
  }
});

browserTest('what a player shows is the mask in its colours', async (t) => {
  const page = await openLook(t, files.explain, 'Mask');
  await page.getByLabel('Colours').selectOption('viridis');
  const pixels = await shownPixels(page);
  const colours = colormap('viridis');
  let off = 0;
  for (let i = 0; i < 112 * 112; i++) {
    const expected = colours.subarray(Math.round(255 * mask[7 * 112 * 112 + i]) * 3);
    for (let c = 0; c < 3; c++) off += Math.abs(pixels[4 * i + c] - expected[c]);
  }
  t.true(off / (3 * 112 * 112) < 2, `off by ${off / (3 * 112 * 112)} of 255 in the mean`);
});

browserTest('the threshold slider shows the area that is realised', async (t) => {
  const { page } = await open(t, files.explain);
  const area = page.locator('[data-measure="area"]');
  await area.waitFor();
  const areaAt = (least) => mask.reduce((count, value) => count + (value >= least ? 1 : 0), 0) / mask.length;
  t.is(await area.textContent(), percent(areaAt(0.5)));
  for (const threshold of [0, 0.25, 0.75, 1]) {
    await slide(page, 'Threshold τ', threshold);
    const bytes = Math.floor(255 * threshold + 0.5) - 0.5; // the page knows masks to a 255th
    t.is(await area.textContent(), percent(areaAt(bytes / 255)), `τ = ${threshold}`);
  }
});

browserTest('keys play, pause, step and jump', async (t) => {
  const { page } = await open(t, files.explain);
  await page.waitForSelector('.player');
  const press = async (key) => {
    await page.keyboard.press(key);
    return (await shownFrames(page))[1];
  };
  t.deepEqual(
    [await press('ArrowRight'), await press('ArrowRight'), await press('ArrowLeft')],
    [1, 2, 1],
    'arrows step',
  );
  t.deepEqual([await press('End'), await press('ArrowRight'), await press('Home')], [15, 0, 0]);
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await page.waitForFunction(() => document.querySelector('.player').dataset.frame > 1);
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
  const stopped = await shownFrames(page);
  await page.waitForTimeout(400);
  t.deepEqual(await shownFrames(page), stopped);
});

browserTest('it plays by itself, unless the reader wants less motion', async (t) => {
  const moving = await open(t, files.explain, { still: false });
  await moving.page.getByRole('button', { name: 'Pause' }).waitFor();
  const still = await open(t, files.explain);
  await still.page.getByRole('button', { name: 'Play', exact: true }).waitFor();
  t.deepEqual(await shownFrames(still.page), [0, 0]);
});

browserTest('a click on a chart or on a frame of the strip shows that frame', async (t) => {
  const { page } = await open(t, files.explain);
  await page.getByRole('button', { name: 'Frame 6' }).click();
  t.deepEqual(await shownFrames(page), [5, 5]);
  const chart = page.locator('.seekable svg');
  await chart.scrollIntoViewIfNeeded();
  const box = await chart.boundingBox();
  await page.mouse.click(box.x + box.width - 9, box.y + 60);
  t.deepEqual(await shownFrames(page), [15, 15]);
});

browserTest('the grid sorts by a score, and a click enlarges a method', async (t) => {
  const { page } = await open(t, files.compare);
  await page.waitForSelector('.player');
  const order = () =>
    page.$$eval('.card[data-method]', (cards) => cards.map(({ dataset }) => dataset.method));
  const given = await order();
  t.is(given.length, NINE_METHODS.length);
  await page.getByLabel('Sort by').selectOption('deletion');
  const rows = () => page.$$eval('tbody tr', (all) => all.map((row) => row.firstElementChild.textContent));
  const column = await page.$$eval('thead th', (all) =>
    all.findIndex((head) => head.textContent.startsWith('Deletion')),
  );
  const values = await page.$$eval(
    'tbody tr',
    (all, at) => all.map((row) => Number.parseFloat(row.children[at].textContent.replace('<', ''))),
    column,
  );
  t.deepEqual(
    values,
    values.toSorted((a, b) => a - b),
    'the best, lowest, first',
  );
  t.deepEqual(await order(), await rows(), 'cards and table in one order');
  t.notDeepEqual(await order(), given);
  await page.getByRole('button', { name: 'Enlarge F-EP' }).click();
  await page.getByRole('dialog', { name: 'F-EP' }).waitFor();
  await page.keyboard.press('ArrowRight');
  t.deepEqual(await shownFrames(page, 'dialog'), [1]);
  await page.keyboard.press('Escape');
  t.is(await page.locator('dialog[open]').count(), 0);
});

browserTest('nine methods play in sync at the pace of the screen', async (t) => {
  const { page } = await open(t, files.compare);
  await page.waitForSelector('.player');
  await page.getByLabel('Speed').selectOption('4');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  const { rate, together } = await page.evaluate(
    () =>
      new Promise((done) => {
        const start = performance.now();
        let [frames, together] = [0, true];
        const tick = (now) => {
          frames++;
          const shown = [...document.querySelectorAll('.player')].map(({ dataset }) => dataset.frame);
          together &&= shown.every((frame) => frame === shown[0]);
          if (now - start < 2000) requestAnimationFrame(tick);
          else done({ rate: (1000 * frames) / (now - start), together });
        };
        requestAnimationFrame(tick);
      }),
  );
  t.log(`${rate.toFixed(1)} frames per second`);
  t.true(together, 'all players show one frame, at any moment');
  t.true(rate > 2, `${rate}`); // a screen gives 60; a busy machine without a GPU far less, so this is no race
});

browserTest('a bench shows its clips, those with most disagreement first, each a click away', async (t) => {
  const { page } = await open(t, files.bench);
  const rows = () =>
    page.$$eval('[aria-label=Clips] tbody tr', (all) =>
      all.map(({ cells }) => [...cells].map((cell) => cell.textContent)),
    );
  const spread = ([, , , gradients, gradCam]) => Math.abs(gradients - gradCam);
  const disagreement = (await rows()).map(spread);
  t.is(disagreement.length, 2);
  t.true(disagreement[0] >= disagreement[1]);
  await page.getByRole('combobox', { name: 'Clips' }).selectOption('best');
  const sums = (await rows()).map(([, , , gradients, gradCam]) => Number(gradients) + Number(gradCam));
  t.true(sums[0] >= sums[1]);
  await page.getByRole('link').first().click();
  await page.waitForSelector('.player');
  t.deepEqual(
    await page.$$eval('.card[data-method]', (cards) => cards.map(({ dataset }) => dataset.method)),
    ['Gradients', 'Grad-CAM', 'Center'],
  );
});

browserTest('an ablation shows its clips too', async (t) => {
  const { page } = await open(t, files.ablate);
  await page
    .getByRole('link', { name: /^synthetic-/ })
    .first()
    .click();
  await page.waitForSelector('.player');
  const methods = await page.$$eval('.card[data-method]', (cards) =>
    cards.map(({ dataset }) => dataset.method),
  );
  t.deepEqual(methods, ['3D-EP', 'STEP', 'F-EP 0.5/0']);
});
