// The browser of the browser tests and the screenshots: the system's own Chromium, driven by playwright-core, which
// brings none.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { capture, say } from './run.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Where Chromium is: `FEP_CHROMIUM`, or the first on the PATH; undefined where there is none. */
export function findBrowser() {
  if (process.env.FEP_CHROMIUM) return process.env.FEP_CHROMIUM;
  const folders = (process.env.PATH ?? '').split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) =>
    existsSync(path),
  );
}

/** What to do where there is none. */
export const BROWSER_HINT =
  'no Chromium was found. On Debian: apt-get install -y --no-install-recommends chromium; elsewhere install Chrome ' +
  'or Chromium, or set FEP_CHROMIUM to its path';

/** Installs Chromium where that takes no question: as root, with apt. Otherwise the browser tests are left out. */
export async function setUpBrowser() {
  if (findBrowser()) return;
  if (process.getuid?.() !== 0 || (await capture('apt-get', ['--version'])).code !== 0) {
    say(`The browser tests will be left out: ${BROWSER_HINT}.`);
    return;
  }
  say('Installing Chromium for the browser tests …');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () => capture('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], { env });
  if ((await install()).code === 0 && findBrowser()) return;
  await capture('apt-get', ['update'], { env }); // its lists may be missing or old
  if ((await install()).code === 0 && findBrowser()) return;
  say(`Chromium could not be installed, so the browser tests will be left out: ${BROWSER_HINT}.`);
}

/** Starts it without a window; fails where there is none. */
export async function launchBrowser() {
  const { chromium } = await import('playwright-core');
  const executablePath = findBrowser();
  if (!executablePath) throw new Error(BROWSER_HINT);
  // As root, and in most containers, its sandbox cannot be set up.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}
