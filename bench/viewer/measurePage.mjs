// One page in the browser while it plays.

const WARM_UP_MS = 1500;

/**
 * Frames shown and refreshes per second, and the milliseconds of a processor that all of Chromium's processes take for each frame
 * shown, which another program's work does not change. Every player shows the same frame at every refresh, or this fails.
 */
export async function measurePage(browser, html, seconds) {
  const page = await openPage(browser, html);
  try {
    const session = await browser.newBrowserCDPSession();
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await page.waitForTimeout(WARM_UP_MS);
    const before = await processorSeconds(session);
    const { shown, refreshes, together, elapsed } = await page.evaluate(watchPlayers, 1000 * seconds);
    const processor = (await processorSeconds(session)) - before;
    if (!together) throw new Error('The players did not show one frame.');
    return {
      shown: (1000 * shown) / elapsed,
      refreshes: (1000 * refreshes) / elapsed,
      processor: (1000 * processor) / shown,
    };
  } finally {
    await page.context().close();
  }
}

/** A page with players, which stand still. */
export async function openPage(browser, html) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.setContent(html);
  await page.waitForSelector('.player');
  return page;
}

async function processorSeconds(session) {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

/** Runs in the page. */
function watchPlayers(milliseconds) {
  const players = [...document.querySelectorAll('.player')];
  return new Promise((done) => {
    let [shown, refreshes, together, last] = [0, 0, true, ''];
    const begin = performance.now();
    const tick = (now) => {
      const frames = players.map(({ dataset }) => dataset.frame);
      together &&= frames.every((frame) => frame === frames[0]);
      if (frames[0] !== last) shown++;
      last = frames[0];
      refreshes++;
      if (now - begin < milliseconds) requestAnimationFrame(tick);
      else done({ shown, refreshes, together, elapsed: now - begin });
    };
    requestAnimationFrame(tick);
  });
}
