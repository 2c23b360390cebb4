// A data set in the studio's form: a sample is searched for, found by turning pages, shown with its boxes, and explained.
import test from 'ava';
import { launchBrowser } from '../scripts/browser.mjs';
import { browserTest, hasBrowser } from './helpers/browser.mjs';
import { model, setUp } from './helpers/studio.mjs';
import { barriers, openStudioPage, WAIT } from './helpers/studioPage.mjs';

let browser;
test.before(async () => {
  if (hasBrowser) browser = await launchBrowser();
});
test.after.always(() => browser?.close());

browserTest('a sample is found among those of a data set, by words, by class and by page', async (t) => {
  const { studio } = await setUp(t, { data: ['synthetic'] });
  const context = await browser.newContext();
  t.teardown(() => context.close());
  const { page, wrong } = await openStudioPage(context, studio.address);
  await page.getByLabel('Model', { exact: true }).selectOption(model);
  await page.getByText('or a sample of a data set').click();
  const samples = page.getByRole('list', { name: 'Samples' });
  await page.getByText('1 to 12 of 100').waitFor(WAIT);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('13 to 24 of 100').waitFor();
  await samples.getByText('synthetic-2-12', { exact: true }).waitFor();
  await page.getByLabel('Search samples').fill('sway 7');
  await page.getByText(/^1 to \d of \d$/).waitFor();
  t.true((await samples.getByRole('button').allTextContents()).every((text) => /7.*sway/.test(text)));
  await page.getByLabel('Search samples').fill('no such');
  await page.getByText('No sample has these words.').waitFor();
  await page.getByLabel('Search samples').fill('');
  await page.getByLabel('Class of the samples').selectOption('sway');
  await page.getByText(/^1 to \d+ of 1\d$/).waitFor();
  const first = samples.getByRole('button').first();
  const [id] = (await first.textContent()).split(' ');
  await first.click();
  await page.getByText('The data set says sway; its boxes are drawn.').waitFor(WAIT);
  await page.getByRole('img', { name: `The clip ${id}` }).waitFor();
  t.is(await first.getAttribute('aria-pressed'), 'true');
  t.is(await page.getByRole('group', { name: 'Trim' }).count(), 0);
  t.deepEqual(await barriers(page), []);

  await page.reload();
  await page.getByText('The data set says sway; its boxes are drawn.').waitFor(WAIT);
  await page.getByRole('radio', { name: /^Gradients/ }).check();
  await page.getByRole('button', { name: 'Explain', exact: true }).click(WAIT);
  await page.getByLabel('Boxes').waitFor(WAIT);
  await page.getByText(`--data synthetic --sample ${id}`).waitFor();
  t.deepEqual(wrong, []);
});
