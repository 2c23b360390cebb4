// How long the studio takes from the end of a brush stroke to the model's number: the shipped R(2+1)D on the sample, in the
// system's Chromium.
//
//   node bench/viewer/strokes.mjs [--strokes 60]
//
// Wants an idle machine.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createStudio } from '../../dist/studio/studio.js';
import { launchBrowser } from '../../scripts/browser.mjs';
import { main, say } from '../../scripts/run.mjs';
import { client, ENDS } from '../../test/helpers/studioClient.mjs';
import { watchStroke } from '../../test/helpers/studioPage.mjs';

const QUESTION = {
  clip: { source: { kind: 'sample' } },
  model: 'shipped:r2plus1d-mini',
  options: { method: 'f-ep', iterations: 10, area: 0.1 },
};
/** Points of a stroke, about as many as a hand makes in half a second. */
const POINTS = 30;

main(async () => {
  const { values } = parseArgs({ options: { strokes: { type: 'string', default: '60' } } });
  const folder = mkdtempSync(join(tmpdir(), 'fep-strokes-'));
  const studio = await createStudio({ folder });
  const browser = await launchBrowser();
  try {
    const { start, until } = client(studio.address);
    const { id } = await until((await start(QUESTION)).id, ENDS);
    const page = await openDesk(browser, `${studio.address}#/run/${id}`);
    const taken = [];
    for (let i = 0; i < Number(values.strokes); i++) taken.push(await timeStroke(page, (i % 9) / 10 + 0.1));
    taken.sort((a, b) => a - b);
    const at = (share) => taken[Math.ceil(share * taken.length) - 1].toFixed(0);
    say(`${taken.length} strokes: ${at(0.5)} ms in the median, ${at(0.95)} ms at the 95th percentile`);
  } finally {
    await browser.close();
    await studio.close();
    rmSync(folder, { recursive: true });
  }
});

/** The panel of the brush, on a mask that keeps everything. */
async function openDesk(browser, address) {
  const page = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage();
  await page.goto(address);
  await page.getByText('Keep or remove by hand').click();
  await page.locator('.kept[aria-busy=false]').waitFor();
  await page.getByRole('button', { name: 'Everything' }).click();
  return page;
}

/** Milliseconds from the end of a stroke across the frame to the answer to it. */
async function timeStroke(page, row) {
  await page.locator('.kept[aria-busy=false]').waitFor();
  await page.evaluate(watchStroke);
  const { x, y, width, height } = await page.locator('.paintable').boundingBox();
  await page.mouse.move(x + 0.2 * width, y + row * height);
  await page.mouse.down();
  await page.mouse.move(x + 0.8 * width, y + row * height, { steps: POINTS });
  await page.mouse.up();
  return page.evaluate(() => globalThis.answered);
}
