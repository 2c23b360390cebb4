// The pictures of docs/studio.md: the form, a mask that forms, the brush, and the spectrum. Part of scripts/screenshots.mjs, and by itself:
// node scripts/studio-screenshots.mjs
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchBrowser } from './browser.mjs';
import { keep } from './keep-screenshot.mjs';
import { isMain, main, root, say } from './run.mjs';

/** Updates after which the mask has its place. */
const SHOWN_AT = 30;

/** @returns the pictures' names */
export async function photographStudio(browser, workspace) {
  const { createStudio } = await import(join(root, 'dist', 'studio', 'studio.js'));
  const studio = await createStudio({ folder: join(workspace, 'studio') });
  const context = await browser.newContext({
    viewport: { width: 1280, height: 860 },
    reducedMotion: 'reduce',
    deviceScaleFactor: 1.5,
  });
  try {
    const page = await context.newPage();
    await page.goto(studio.address);
    await page.locator('.bars').waitFor();
    await page.locator('canvas.player[data-frame]').waitFor();
    await page.waitForTimeout(500); // a canvas is on the screen some frames after it was drawn
    await keep('studio', await page.screenshot());
    await page.getByRole('button', { name: 'Explain', exact: true }).click();
    await page.waitForFunction((at) => document.querySelector('progress')?.value >= at, SHOWN_AT);
    await keep('studio-live', await page.screenshot());
    await page.locator('.brush summary').click();
    await paint(page);
    await keep('studio-brush', await page.locator('.brush').screenshot());
    await page.getByText('Which frequencies the run’s gradient has').click();
    await page.getByLabel('lowRatio slider').fill('0.4');
    await page.getByLabel('highRatio slider').fill('0.2');
    await page.locator('.spectrum svg').waitFor();
    await keep('studio-spectrum', await page.locator('section[aria-label="Ask again"]').screenshot());
  } finally {
    await context.close();
    await studio.close();
  }
  return ['studio', 'studio-live', 'studio-brush', 'studio-spectrum'];
}

/** Keeps a part of the clip that is drawn by hand. */
async function paint(page) {
  await page.getByRole('button', { name: 'Begin with Nothing' }).click();
  await page.getByRole('radio', { name: 'Keep', exact: true }).check({ force: true });
  const frame = page.locator('.paintable');
  await frame.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await frame.boundingBox();
  await page.mouse.move(x + 0.25 * width, y + 0.3 * height);
  await page.mouse.down();
  await page.mouse.move(x + 0.6 * width, y + 0.35 * height, { steps: 10 });
  await page.mouse.up();
  await page.locator('.kept[aria-busy=false]').waitFor();
  await page.waitForTimeout(500); // the picture comes after the number
}

if (isMain(import.meta.url)) {
  main(async () => {
    const workspace = mkdtempSync(join(tmpdir(), 'fep-screenshots-'));
    const browser = await launchBrowser();
    try {
      for (const name of await photographStudio(browser, workspace)) say(`docs/${name}.webp`);
    } finally {
      await browser.close();
      rmSync(workspace, { recursive: true, force: true });
    }
  });
}
