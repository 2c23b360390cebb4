// The way of somebody who has read nothing: from the last words of npm start to "why not the second class?".
import { readFileSync } from 'node:fs';
import test from 'ava';
import { launchBrowser } from '../scripts/browser.mjs';
import { browserTest, hasBrowser } from './helpers/browser.mjs';
import { cliHere } from './helpers/program.mjs';
import { model, setUp } from './helpers/studio.mjs';
import { barriers, openStudioPage, WAIT } from './helpers/studioPage.mjs';

let browser;
test.before(async () => {
  if (hasBrowser) browser = await launchBrowser();
});
test.after.always(() => browser?.close());

test.serial('npm start ends with a command that a clone has', async (t) => {
  const start = readFileSync(new URL('../scripts/start.mjs', import.meta.url), 'utf8');
  const [, command] = /^ {2}node dist\/cli\/main\.js (\w+)`/m.exec(start);
  t.is((await cliHere([command, '--help'])).status, 0);
});

browserTest('every step says what to do next', async (t) => {
  const { studio } = await setUp(t);
  const context = await browser.newContext();
  t.teardown(() => context.close());
  const { page, wrong } = await openStudioPage(context, studio.address);
  await page.getByText('For a first look press Explain').waitFor(WAIT);
  await page.getByLabel('Model', { exact: true }).selectOption(model);
  await page.getByText('Click a class to explain it').waitFor(WAIT);
  const bars = page.getByRole('list', { name: 'Prediction' }).getByRole('button');
  const [first] = await bars.locator('b').allTextContents();
  await page.getByLabel('Iterations', { exact: true }).fill('8');
  await page.getByRole('button', { name: 'Explain', exact: true }).click();
  await page.getByText('Ask the same of another class:').waitFor(WAIT);
  const other = page.getByRole('button', { name: /^Why not/ }).first();
  const [, second] = /^Why not (.*)\?$/.exec(await other.textContent());
  t.deepEqual(await barriers(page), []);
  await other.click();
  await page.getByText(`The model says ${first}`).waitFor(WAIT);
  await page.getByText(`The mask below shows what speaks for ${second} all the same.`).waitFor();
  t.deepEqual(await barriers(page), []);
  await page.getByRole('link', { name: 'Runs' }).click();
  await page.getByText('Tick two to nine of them to play them side by side.').waitFor();
  for (const name of [first, second]) await page.getByRole('heading', { name: `${name} · F-EP` }).waitFor();
  t.deepEqual(await barriers(page), []);
  t.deepEqual(wrong, []);
});
