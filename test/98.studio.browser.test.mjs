// The studio's page in a real browser, from a dropped clip to a comparison.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { createStudio } from '../dist/studio/studio.js';
import { launchBrowser } from '../scripts/browser.mjs';
import { browserTest, closeBrowser, hasBrowser } from './helpers/browser.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const CLIP = fileURLToPath(new URL('../models/sample.mp4', import.meta.url));
const WAIT = { timeout: 30_000 };

let studio;
let browser;
let page;
/** Errors of the console, and requests for another host. */
const wrong = [];
const cleanups = [];

test.before(async () => {
  if (!hasBrowser) return;
  const folder = temporaryFolder({ teardown: (remove) => cleanups.push(remove) });
  studio = await createStudio({ folder });
  browser = await launchBrowser();
  const context = await browser.newContext({ acceptDownloads: true });
  page = await context.newPage();
  page.setDefaultTimeout(WAIT.timeout);
  watch(page);
  await page.goto(studio.address);
});
test.after.always(async () => {
  await browser?.close();
  await closeBrowser();
  await studio?.close();
  for (const clean of cleanups) clean();
});

function watch(watched) {
  const { host } = new URL(studio.address);
  watched.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
  watched.on('pageerror', (error) => wrong.push(String(error)));
  watched.on('request', (request) => {
    const url = new URL(request.url());
    if (!['data:', 'blob:'].includes(url.protocol) && url.host !== host) wrong.push(request.url());
  });
}

/** What axe finds serious on the view, by light and in the dark. */
async function barriers() {
  const found = [];
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await page.waitForTimeout(300); // colours fade into each other
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() => globalThis.axe.run());
    for (const { impact, id, nodes } of violations)
      if (['serious', 'critical'].includes(impact)) found.push(`${colorScheme} ${id}: ${nodes[0].html}`);
  }
  return found;
}

const player = () => page.locator('.player').last();

browserTest('a dropped clip is shown, and what the model says of it', async (t) => {
  await page.getByRole('button', { name: /^Explain clockwise/ }).waitFor(WAIT);
  const bytes = readFileSync(CLIP).toString('base64');
  await page.evaluate(async (base64) => {
    const file = new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], 'mine.mp4');
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(file);
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  }, bytes);
  await page.getByRole('img', { name: 'The clip mine.mp4' }).waitFor(WAIT);
  await page.getByRole('button', { name: /^Explain clockwise 9\d/ }).waitFor(WAIT);
  t.deepEqual(await barriers(), []);
});

browserTest('the form is in the address, so that a reload comes back to it', async (t) => {
  await page.getByLabel('Class to explain', { exact: true }).fill('sway');
  await page.getByRole('button', { name: 'Leave out sway' }).waitFor();
  await page.getByLabel('area', { exact: true }).fill('0.1');
  await page.reload();
  await page.getByRole('button', { name: 'Leave out sway' }).waitFor(WAIT);
  t.is(await page.getByLabel('area', { exact: true }).inputValue(), '0.1');
  await page.getByRole('button', { name: 'Leave out sway' }).click();
});

browserTest('the mask forms before the eyes, and stopping keeps it', async (t) => {
  await page.getByLabel('iterations', { exact: true }).fill('5000');
  await page.getByRole('button', { name: 'Explain', exact: true }).click();
  await page.getByRole('img', { name: /under the mask as it is/ }).waitFor(WAIT);
  const pictures = new Set();
  await page.getByRole('button', { name: 'Pause' }).click();
  for (let i = 0; i < 200 && pictures.size < 5; i++) {
    pictures.add(await player().evaluate((canvas) => canvas.toDataURL()));
    await page.waitForTimeout(150);
  }
  t.true(pictures.size >= 5, `${pictures.size} masks`);
  t.deepEqual(await barriers(), []);
  await page.getByRole('button', { name: 'Stop and keep this mask' }).click();
  await page.getByText('Stopped by hand').waitFor(WAIT);
  await page.locator('h1', { hasText: 'clockwise' }).waitFor(WAIT);
  await page.getByRole('heading', { name: 'Energy' }).waitFor(WAIT);
  t.deepEqual(await barriers(), []);
});

browserTest('ask again: why not the second class?', async (t) => {
  const other = page.getByRole('button', { name: /^Why not/ }).first();
  const [, name] = /^Why not (.*)\?$/.exec(await other.textContent());
  await other.click();
  await page.getByRole('button', { name: 'Stop and keep this mask' }).click(WAIT);
  await page.getByText('Stopped by hand').waitFor(WAIT);
  await page.locator('h1', { hasText: name }).waitFor(WAIT);
  t.true((await page.locator('.again code').textContent()).includes(`--target ${name}`));
  await page.getByLabel('area', { exact: true }).fill('0.2');
  await page.getByRole('button', { name: 'Ask again' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('The run was cancelled.').waitFor(WAIT);
  await page.goBack();
});

browserTest('export: the files of a run are saved', async (t) => {
  for (const [title, file] of [
    ['Sheet', /sheet\.png$/],
    ['Mask', /mask\.npy$/],
    ['Report', /report\.html$/],
  ]) {
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: title, exact: true }).click();
    t.regex((await download).suggestedFilename(), file);
  }
});

browserTest('the runs are listed, renamed, deleted and brought back, and compared in sync', async (t) => {
  await page.getByRole('link', { name: 'Runs' }).click();
  await page.locator('.run').nth(2).waitFor();
  t.deepEqual(await barriers(), []);
  await page
    .getByRole('button', { name: /^Rename/ })
    .first()
    .click();
  await page.getByLabel('New name').fill('second class');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'second class' }).waitFor();
  await page.getByRole('button', { name: 'Delete second class' }).click();
  await page.getByText('Deleted “second class”').waitFor();
  t.is(await page.locator('.run').count(), 2);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('heading', { name: 'second class' }).waitFor();
  await page.getByLabel('Filter').fill('second');
  t.is(await page.locator('.run').count(), 1);
  await page.getByLabel('Filter').fill('');
  for (const box of await page.getByRole('checkbox').all()) await box.check();
  await page.getByRole('link', { name: 'Compare 2' }).click();
  await page.locator('.player').nth(1).waitFor();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  const frames = await page.$$eval('.player', (players) => players.map(({ dataset }) => dataset.frame));
  t.deepEqual(frames, ['1', '1']);
  t.deepEqual(await barriers(), []);
});

browserTest('a second page sees the same runs, and a phone has no sideways scrolling', async (t) => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const second = await context.newPage();
  watch(second);
  await second.goto(`${studio.address}#/runs`);
  await second.getByRole('heading', { name: 'second class' }).waitFor(WAIT);
  for (const view of ['runs', 'new']) {
    await second.goto(`${studio.address}#/${view}`);
    await second.locator('h1').waitFor(WAIT);
    const wide = await second.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    t.true(wide <= 0, `${view}: ${wide} pixels`);
  }
  await context.close();
});

browserTest('nothing was said on the console, and no other host was asked', (t) => {
  t.deepEqual(wrong, []);
});
