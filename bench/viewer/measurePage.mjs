// One page in the browser while it plays.

const WARM_UP_MS = 1500;

/**
 * Frames shown and refreshes per second, and the milliseconds for which the page's thread is busy for each frame shown. Every
 * player shows the same frame at every refresh, or this fails.
 */
export async function measurePage(browser, html, seconds) {
  const page = await openPage(browser, html);
  try {
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await page.waitForTimeout(WARM_UP_MS);
    const before = await busySeconds(session);
    const { shown, refreshes, together, elapsed } = await page.evaluate(watchPlayers, 1000 * seconds);
    const busy = (await busySeconds(session)) - before;
    if (!together) throw new Error('The players did not show one frame.');
    return {
      shown: (1000 * shown) / elapsed,
      refreshes: (1000 * refreshes) / elapsed,
      busy: (1000 * busy) / shown,
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

async function busySeconds(session) {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration').value;
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
