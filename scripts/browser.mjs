// The browser for the browser tests and screenshots is the system's Chromium. playwright-core, which drives it, does not
// include one.
import { findProgram, installPackage, mayInstall } from './debian.mjs';
import { say } from './run.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The path of Chromium: `FEP_CHROMIUM`, or the first on the PATH; undefined if there is none. */
export function findBrowser() {
  return process.env.FEP_CHROMIUM || findProgram(NAMES);
}

/** What to do without one. */
export const BROWSER_HINT =
  'no Chromium was found. On Debian: apt-get install -y --no-install-recommends chromium; elsewhere install Chrome ' +
  'or Chromium, or set FEP_CHROMIUM to its path';

/** Installs Chromium if that needs no confirmation; otherwise the browser tests are skipped. */
export async function setUpBrowser() {
  if (findBrowser()) return;
  if (mayInstall()) say('Installing Chromium for the browser tests …');
  if ((await installPackage('chromium')) && findBrowser()) return;
  say(`The browser tests will be skipped: ${BROWSER_HINT}.`);
}

/** Starts Chromium without a window; fails if there is none. */
export async function launchBrowser() {
  const { chromium } = await import('playwright-core');
  const executablePath = findBrowser();
  if (!executablePath) throw new Error(BROWSER_HINT);
  // Chromium's sandbox does not work as root or in most containers.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}
