// The system's Chromium for tests of pages; where there is none, they are left out with a word.
import test from 'ava';
import { BROWSER_HINT, findBrowser, launchBrowser } from '../../scripts/browser.mjs';
import { testUnless } from './testUnless.mjs';

export const hasBrowser = findBrowser() !== undefined;
/** `test.serial`, or what skips where there is no browser. */
export const browserTest = testUnless(hasBrowser ? undefined : BROWSER_HINT, test.serial);

let browser;

/**
 * A page that opens a file or address, and whatever went wrong on it: errors, and requests for anything but itself.
 */
export async function open(
  t,
  url,
  { width = 1280, height = 900, dark = false, still = true, ready = '.fep-viewer .page' } = {},
) {
  browser ??= await launchBrowser();
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: still ? 'reduce' : 'no-preference',
  });
  t.teardown(() => context.close());
  const page = await context.newPage();
  const wrong = [];
  page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('request', (request) => {
    const address = request.url();
    if (address !== url && !/^(data|blob):/.test(address)) wrong.push(`request: ${address}`);
  });
  await page.goto(url);
  await page.waitForSelector(ready);
  return { page, wrong };
}

export async function closeBrowser() {
  await browser?.close();
}
