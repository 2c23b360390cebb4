// The studio's page in a real browser, from a dropped clip to a comparison.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { createStudio } from '../dist/studio/studio.js';
import { launchBrowser } from '../scripts/browser.mjs';
import { browserTest, closeBrowser, hasBrowser } from './helpers/browser.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';
import { barriers, dropFiles, openStudioPage, WAIT } from './helpers/studioPage.mjs';

const CLIP = fileURLToPath(new URL('../models/sample.mp4', import.meta.url));

let studio;
let browser;
let page;
/** What went wrong on each page. */
const wrong = [];
const cleanups = [];

test.before(async () => {
  if (!hasBrowser) return;
  const folder = temporaryFolder({ teardown: (remove) => cleanups.push(remove) });
  studio = await createStudio({ folder });
  browser = await launchBrowser();
  const context = await browser.newContext({ acceptDownloads: true });
  const opened = await openStudioPage(context, studio.address);
  page = opened.page;
  wrong.push(opened.wrong);
});
test.after.always(async () => {
  await browser?.close();
  await closeBrowser();
  await studio?.close();
  for (const clean of cleanups) clean();
});

const player = () => page.locator('.player').last();
/** What has the focus: `body` where a keyboard would begin anew. */
const focused = () => page.evaluate(() => document.activeElement.localName);

browserTest('a dropped clip is shown, and what the model says of it', async (t) => {
  await page.getByRole('button', { name: /^Explain clockwise/ }).waitFor(WAIT);
  await dropFiles(page, [['mine.mp4', readFileSync(CLIP)]]);
  await page.getByRole('img', { name: 'The clip mine.mp4' }).waitFor(WAIT);
  await page.getByRole('button', { name: /^Explain clockwise 9\d/ }).waitFor(WAIT);
  t.deepEqual(await barriers(page), []);
});

browserTest('an upload goes on after the line was down for seconds', async (t) => {
  const other = await page.context().newPage();
  await other.goto(studio.address);
  await other.getByRole('button', { name: /^Explain clockwise/ }).waitFor(WAIT);
  let cut = 0;
  const isDown = async (route) => {
    cut++;
    await route.abort();
  };
  await other.route(/api\/uploads\/./, isDown);
  await dropFiles(other, [['late.mp4', readFileSync(CLIP)]]);
  for (; cut < 4; ) await other.waitForTimeout(100); // two pieces, and two questions how far it is
  await other.unroute(/api\/uploads\/./, isDown);
  await other.getByRole('img', { name: 'The clip late.mp4' }).waitFor(WAIT);
  t.pass();
  await other.close();
});

browserTest('the form is in the address, so that a reload comes back to it', async (t) => {
  await page.getByLabel('Class to explain', { exact: true }).fill('sway');
  await page.getByRole('button', { name: 'Leave out sway' }).waitFor();
  await page.getByLabel('Area', { exact: true }).fill('0.1');
  await page.reload();
  await page.getByRole('button', { name: 'Leave out sway' }).waitFor(WAIT);
  t.is(await page.getByLabel('Area', { exact: true }).inputValue(), '0.1');
  await page.getByRole('button', { name: 'Leave out sway' }).click();
});

browserTest('the mask forms before the eyes, and stopping keeps it', async (t) => {
  await page.getByLabel('Iterations', { exact: true }).fill('5000');
  await page.getByRole('button', { name: 'Explain', exact: true }).click();
  await page.getByRole('img', { name: /under the mask as it is/ }).waitFor(WAIT);
  t.not(await focused(), 'body', 'the button has gone with its view');
  const pictures = new Set();
  await page.getByRole('button', { name: 'Pause' }).click();
  for (let i = 0; i < 200 && pictures.size < 5; i++) {
    pictures.add(await player().evaluate((canvas) => canvas.toDataURL()));
    await page.waitForTimeout(150);
  }
  t.true(pictures.size >= 5, `${pictures.size} masks`);
  t.deepEqual(await barriers(page), []);
  await page.getByRole('button', { name: 'Stop and keep this mask' }).click();
  await page.getByText('Stopped by hand').waitFor(WAIT);
  t.not(await focused(), 'body');
  await page.locator('h1', { hasText: 'clockwise' }).waitFor(WAIT);
  await page.getByRole('heading', { name: 'Energy' }).waitFor(WAIT);
  t.deepEqual(await barriers(page), []);
});

browserTest('ask again: why not the second class?', async (t) => {
  const other = page.getByRole('button', { name: /^Why not/ }).first();
  const [, name] = /^Why not (.*)\?$/.exec(await other.textContent());
  await other.click();
  await page.getByRole('button', { name: 'Stop and keep this mask' }).click(WAIT);
  await page.getByText('Stopped by hand').waitFor(WAIT);
  await page.locator('h1', { hasText: name }).waitFor(WAIT);
  t.true((await page.locator('.again code').textContent()).includes(`--target ${name}`));
  await page.getByLabel('Area', { exact: true }).fill('0.2');
  await page.getByRole('button', { name: 'Ask again' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('The run was cancelled.').waitFor(WAIT);
  t.deepEqual(await barriers(page), []);
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
  t.deepEqual(await barriers(page), []);
  await page
    .getByRole('button', { name: /^Rename/ })
    .first()
    .click();
  await page.getByLabel('Filter').pressSequentially('mi');
  t.is(await page.getByLabel('Filter').inputValue(), 'mi', 'what is typed stays where it is typed');
  await page.getByLabel('Filter').fill('');
  await page.getByLabel('New name').fill('second class');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'second class' }).waitFor();
  t.is(await focused(), 'li', 'the card of the run');
  await page.getByRole('button', { name: 'Delete second class' }).click();
  await page.getByText('Deleted “second class”').waitFor();
  t.is(await focused(), 'ul', 'the list of runs');
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
  t.deepEqual(await barriers(page), []);
});

browserTest('a second page sees the same runs, and a phone has no sideways scrolling', async (t) => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const { page: second, wrong: wrongThere } = await openStudioPage(context, `${studio.address}#/runs`);
  wrong.push(wrongThere);
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
  t.deepEqual(wrong.flat(), []);
});
