// How many frames per second the page of `compare` shows: nine methods on a clip of 16×112×112, in sync, in the system's
// Chromium. The clip plays at 60 frames a second, so that every refresh of a screen has all pictures painted anew.
//
//   node bench/viewer/frames.mjs [--beside PAGE.html] [--seconds 5] [--rounds 3]
//
// --beside: the page template (dist/viewer/page.html) of another build, measured in turn with this one's, whose drawn pixels are
// compared too. Wants an idle machine.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { launchBrowser } from '../../scripts/browser.mjs';
import { main, say } from '../../scripts/run.mjs';
import { median } from '../common/averages.mjs';
import { comparisonPage, inTemplate } from './comparisonPage.mjs';
import { measurePage } from './measurePage.mjs';
import { largestDifference } from './pixels.mjs';

main(async () => {
  const { values } = parseArgs({
    options: {
      beside: { type: 'string' },
      seconds: { type: 'string', default: '5' },
      rounds: { type: 'string', default: '3' },
    },
  });
  const html = await comparisonPage();
  const pages = new Map([['this build', html]]);
  if (values.beside) pages.set(values.beside, inTemplate(html, readFileSync(values.beside, 'utf8')));
  const browser = await launchBrowser();
  try {
    await printRates(browser, pages, Number(values.seconds), Number(values.rounds));
    if (pages.size > 1) await printDifference(browser, [...pages.values()]);
  } finally {
    await browser.close();
  }
});

/** In turn, so that what else the machine does is shared by both. */
async function printRates(browser, pages, seconds, rounds) {
  const measured = new Map([...pages.keys()].map((name) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const [name, html] of pages) measured.get(name).push(await measurePage(browser, html, seconds));
  for (const [name, all] of measured) {
    const of = (key) => median(all.map((one) => one[key])).toFixed(1);
    say(
      `${name}: ${of('shown')} frames shown a second, at ${of('refreshes')} refreshes; ${of('processor')} ms of a processor for each`,
    );
  }
}

async function printDifference(browser, pages) {
  const { levels, looks } = await largestDifference(browser, pages);
  say(`drawn pixels differ by at most ${levels} of 255 levels (${looks.join(', ')})`);
}
