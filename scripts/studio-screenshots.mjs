// The pictures of docs/studio.md: the form, and a mask that forms. Part of scripts/screenshots.mjs, and by itself:
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
    await keep('studio', await page.screenshot());
    await page.getByRole('button', { name: 'Explain', exact: true }).click();
    await page.waitForFunction((at) => document.querySelector('progress')?.value >= at, SHOWN_AT);
    await keep('studio-live', await page.screenshot());
  } finally {
    await context.close();
    await studio.close();
  }
  return ['studio', 'studio-live'];
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
