// The studio's page when things go wrong: the server is killed in the middle of a run, runs fail, and files are no clips.
import { join } from 'node:path';
import test from 'ava';
import { launchBrowser } from '../scripts/browser.mjs';
import { freePort } from '../scripts/free-port.mjs';
import { BAD_CLIPS } from './helpers/badClips.mjs';
import { browserTest, hasBrowser } from './helpers/browser.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';
import { beginStudio, clip, ENDS, endBy, LONG, model, SHORT } from './helpers/studio.mjs';
import { barriers, dropFiles, openStudioPage, WAIT } from './helpers/studioPage.mjs';

let browser;
test.before(async () => {
  if (hasBrowser) browser = await launchBrowser();
});
test.after.always(() => browser?.close());

/** A studio of its own, and a browser that knows nothing. */
async function setUp(t, ...flags) {
  const folder = join(temporaryFolder(t), 'runs');
  const studio = await beginStudio(folder, ...flags);
  t.teardown(() => studio.child.kill('SIGKILL'));
  const context = await browser.newContext();
  t.teardown(() => context.close());
  return { folder, studio, context };
}

const stateOf = (page, title) => page.locator('.run', { hasText: title }).getAttribute('data-state');

browserTest(
  'killed in the middle of a run: the page says so, and is there again with the studio',
  async (t) => {
    const port = ['--port', String(await freePort())];
    const { folder, studio, context } = await setUp(t, ...port);
    const done = await studio.start({ ...SHORT, title: 'done before' });
    await studio.until(done.id, ENDS);
    const cut = await studio.start({ ...LONG, title: 'cut off' });
    const { page } = await openStudioPage(context, `${studio.address}#/run/${cut.id}`);
    await page.getByRole('button', { name: 'Stop and keep this mask' }).waitFor(WAIT);
    await endBy(studio.child, 'SIGKILL');
    await page.getByText('The studio has ended, or the line to it broke.').waitFor(WAIT);
    await page.getByText('open the address that it prints').waitFor();
    t.deepEqual(await barriers(page), []);

    const again = await beginStudio(folder, ...port);
    t.teardown(() => again.child.kill('SIGKILL'));
    const { page: opened, wrong } = await openStudioPage(context, `${again.address}#/runs`);
    await opened.getByRole('heading', { name: 'cut off' }).waitFor(WAIT);
    t.is(await stateOf(opened, 'cut off'), 'interrupted');
    t.is(await stateOf(opened, 'done before'), 'done');
    await opened.getByRole('link', { name: 'Open cut off' }).click();
    await opened.getByText('The studio ended before the run did.').waitFor();
    t.deepEqual(await barriers(opened), []);
    t.deepEqual(wrong, []);
    // The page that was left open has the new token by the other one, and asks again by itself.
    await page.getByText('The studio ended before the run did.').waitFor(WAIT);
    t.is(await page.getByText('The studio has ended').count(), 0);
  },
);

browserTest('failed and cancelled runs say why, shut nobody out, and can be asked again', async (t) => {
  const { studio, context } = await setUp(t);
  const failed = await studio.start({ clip, model, options: { method: 'grad-cam', layer: 'nowhere' } });
  const { state, problem } = await studio.until(failed.id, ENDS);
  t.is(state, 'failed', JSON.stringify(problem));
  const cancelled = await studio.start(LONG);
  await studio.ask(`/api/jobs/${cancelled.id}`, { method: 'DELETE' });
  await studio.until(cancelled.id, ENDS);
  const { page, wrong } = await openStudioPage(context, `${studio.address}#/run/${failed.id}`);
  await page.getByRole('alert').filter({ hasText: 'nowhere' }).waitFor(WAIT);
  await page.getByRole('link', { name: 'Change everything' }).waitFor();
  t.deepEqual(await barriers(page), [], 'failed');
  await page.goto(`${studio.origin}/#/run/${cancelled.id}`);
  await page.getByText('The run was cancelled.').waitFor(WAIT);
  t.deepEqual(await barriers(page), [], 'cancelled');
  await page.getByRole('link', { name: 'Change everything' }).click();
  await page.getByRole('heading', { name: 'What does the model look at?' }).waitFor();
  await page.goto(`${studio.origin}/#/run/none`);
  await page.getByText('There is no such run.').waitFor();
  t.deepEqual(wrong, []);
});

browserTest('two pages at once: both see every run, and either may end it', async (t) => {
  const { studio, context } = await setUp(t);
  const other = await browser.newContext();
  t.teardown(() => other.close());
  const [one, two] = await Promise.all(
    [context, other].map((where) => openStudioPage(where, studio.address)),
  );
  const ask = async ({ page }) => {
    await page.getByLabel('Model', { exact: true }).selectOption(model);
    await page.getByRole('radio', { name: /^3D-EP/ }).check();
    await page.getByLabel('Iterations', { exact: true }).fill('900000');
    await page.getByRole('button', { name: 'Explain', exact: true }).click(WAIT);
    await page.getByRole('region', { name: 'Progress' }).waitFor(WAIT);
    return new URL(page.url()).hash.replace('#/run/', '');
  };
  const ids = await Promise.all([ask(one), ask(two)]);
  t.not(ids[0], ids[1]);
  // Each looks at the other's run; one of them waits for the other.
  for (const [i, { page }] of [one, two].entries()) await page.goto(`${studio.origin}/#/run/${ids[1 - i]}`);
  for (const { page } of [one, two]) await page.getByRole('button', { name: 'Cancel' }).click();
  for (const { page } of [one, two]) await page.getByText('The run was cancelled.').waitFor(WAIT);
  for (const { page } of [one, two]) await page.goto(`${studio.origin}/#/runs`);
  await one.page
    .getByRole('button', { name: /^Rename/ })
    .first()
    .click();
  await one.page.getByLabel('New name').fill('mine');
  await one.page.getByRole('button', { name: 'Save' }).click();
  await two.page.getByRole('heading', { name: 'mine' }).waitFor();
  await two.page.getByRole('button', { name: 'Delete mine' }).click();
  await one.page.getByRole('heading', { name: 'mine' }).waitFor({ state: 'detached' });
  t.is(await one.page.locator('.run').count(), 1);
  t.deepEqual([...one.wrong, ...two.wrong], []);
});

browserTest(
  'ten bad files are dropped: each is refused in words, and the next good one is taken',
  async (t) => {
    const { studio, context } = await setUp(t);
    const { page, wrong } = await openStudioPage(context, studio.address);
    await page.getByLabel('Model', { exact: true }).selectOption(model);
    await page.getByRole('list', { name: 'Prediction' }).waitFor(WAIT);
    for (const [name, bytes] of BAD_CLIPS) {
      await dropFiles(page, [[name, bytes]]);
      const said = page.getByRole('alert').first();
      await said.waitFor(WAIT);
      const text = await said.textContent();
      t.log(`${name}: ${text}`);
      t.true(text.length > 60 && !/Error:|undefined|FEP_|[/]/.test(text), `${name}: ${text}`);
      await page.getByLabel('Offered clip').selectOption('Sample clip');
      await page.getByRole('list', { name: 'Prediction' }).waitFor(WAIT);
      const close = page.getByRole('button', { name: 'Close' });
      if (await close.count()) await close.click();
    }
    await dropFiles(page, BAD_CLIPS);
    await page.getByText('10 files were dropped').waitFor();
    t.deepEqual(await barriers(page), []);
    // A browser puts every answer that refuses something on the console; nothing else may be there.
    t.deepEqual(
      wrong.filter((line) => !/Failed to load resource: the server responded with a status of 4/.test(line)),
      [],
    );
  },
);
