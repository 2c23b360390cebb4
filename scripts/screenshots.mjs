// Makes the pictures of docs/: explains a clip, compares methods, runs a small bench, and takes screenshots of the pages, the
// studio's among them.
// Run it after `npm run setup -- --test`: node scripts/screenshots.mjs [--results FOLDER]
// Results that are already in the folder are not computed again.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { launchBrowser } from './browser.mjs';
import { keep } from './keep-screenshot.mjs';
import { main, root, run, say } from './run.mjs';
import { photographStudio } from './studio-screenshots.mjs';

const require = createRequire(import.meta.url);

const { values } = parseArgs({ options: { results: { type: 'string' } } });

const SAMPLE = ['--data', 'synthetic', '--sample', 'synthetic-2-4'];
/** The folders of the workspace, and the command that fills each. */
const COMMANDS = {
  explain: ['explain', ...SAMPLE, '--quiet'],
  compare: ['compare', ...SAMPLE, '--quiet'],
  bench: ['bench', '--preset', 'quick', '--limit', '6', '--curve-steps', '16', '--quiet'],
};

/** The pictures: page, size of the window or the whole page, and the frame shown. */
const SHOTS = [
  { name: 'report', page: 'explain/report.html', frame: 6, height: 1000 },
  { name: 'report-dark', page: 'explain/report.html', frame: 6, height: 1000, dark: true },
  { name: 'report-phone', page: 'explain/report.html', frame: 6, width: 390, height: 844 },
  { name: 'compare', page: 'compare/compare.html', frame: 6, height: 1000 },
  { name: 'bench', page: 'bench/bench.html', height: 1000, whole: true },
];

main(async () => {
  const workspace = values.results ?? mkdtempSync(join(tmpdir(), 'fep-screenshots-'));
  try {
    for (const [folder, args] of Object.entries(COMMANDS)) {
      if (existsSync(join(workspace, folder))) continue;
      say(`fep-native ${args.join(' ')} …`);
      await run(process.execPath, [
        join(root, 'dist/cli/main.js'),
        ...args,
        '--out',
        join(workspace, folder),
      ]);
    }
    await photograph(workspace);
  } finally {
    if (values.results === undefined) rmSync(workspace, { recursive: true });
  }
});

async function photograph(workspace) {
  useOpenSans(workspace);
  const browser = await launchBrowser();
  try {
    for (const shot of SHOTS) {
      await take(browser, shot, workspace);
      say(`docs/${shot.name}.webp`);
    }
    for (const name of await photographStudio(browser, workspace)) say(`docs/${name}.webp`);
  } finally {
    await browser.close();
  }
}

async function take(browser, { name, page: file, frame, width = 1280, height, whole, dark }, workspace) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    deviceScaleFactor: width < 500 ? 2 : 1.5,
  });
  const page = await context.newPage();
  await page.goto(pathToFileURL(join(workspace, file)).href);
  await page.waitForSelector('.chart svg');
  for (let i = 0; i < (frame ?? 0); i++) await page.keyboard.press('ArrowRight');
  await page.waitForTimeout(300); // charts are drawn once their width is known
  await keep(name, await page.screenshot({ fullPage: whole === true }));
  await context.close();
}

/** Makes Open Sans, the sheets' font, the system font of the pages, so that pictures look the same on every machine. */
function useOpenSans(folder) {
  const fonts = dirname(require.resolve('@expo-google-fonts/open-sans/package.json'));
  const aliases = ['system-ui', 'sans-serif'].map(
    (alias) =>
      `<alias binding="same"><family>${alias}</family><prefer><family>Open Sans</family></prefer></alias>`,
  );
  const directories = [fonts, '/usr/share/fonts'].map((path) => `<dir>${path}</dir>`).join('');
  const config = join(folder, 'fonts.conf');
  const cache = `<cachedir>${join(folder, 'font-cache')}</cachedir>`;
  writeFileSync(config, `<fontconfig>${directories}${cache}${aliases.join('')}</fontconfig>`);
  process.env.FONTCONFIG_FILE = config;
}
