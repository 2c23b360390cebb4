// The browser of the browser tests and the screenshots: the system's own Chromium, driven by playwright-core, which
// brings none.
import { findProgram, installPackage, mayInstall } from './debian.mjs';
import { say } from './run.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Where Chromium is: `FEP_CHROMIUM`, or the first on the PATH; undefined where there is none. */
export function findBrowser() {
  return process.env.FEP_CHROMIUM || findProgram(NAMES);
}

/** What to do where there is none. */
export const BROWSER_HINT =
  'no Chromium was found. On Debian: apt-get install -y --no-install-recommends chromium; elsewhere install Chrome ' +
  'or Chromium, or set FEP_CHROMIUM to its path';

/** Installs Chromium where that takes no question. Otherwise the browser tests are left out. */
export async function setUpBrowser() {
  if (findBrowser()) return;
  if (mayInstall()) say('Installing Chromium for the browser tests …');
  if ((await installPackage('chromium')) && findBrowser()) return;
  say(`The browser tests will be left out: ${BROWSER_HINT}.`);
}

/** Starts it without a window; fails where there is none. */
export async function launchBrowser() {
  const { chromium } = await import('playwright-core');
  const executablePath = findBrowser();
  if (!executablePath) throw new Error(BROWSER_HINT);
  // As root, and in most containers, its sandbox cannot be set up.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}
