// The studio's page in tests: what goes wrong on it, whom it shuts out, and files that are dropped on it.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** For what a model has to be loaded or asked for. */
export const WAIT = { timeout: 30_000 };

/** A page that knows a studio, and what goes wrong on it: errors of the console, and requests for another host. */
export async function openStudioPage(context, address) {
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT.timeout);
  const wrong = [];
  const { host } = new URL(address);
  page.on(
    'console',
    (message) => message.type() === 'error' && wrong.push(`${message.text()} ${message.location().url}`),
  );
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (!['data:', 'blob:'].includes(url.protocol) && url.host !== host) wrong.push(request.url());
  });
  await page.goto(address);
  return { page, wrong };
}

/** What axe finds serious on the view, by light and in the dark. */
export async function barriers(page) {
  const found = [];
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(fadesToEnd);
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() => globalThis.axe.run());
    for (const { impact, id, nodes } of violations)
      if (['serious', 'critical'].includes(impact)) found.push(`${colorScheme} ${id}: ${nodes[0].html}`);
  }
  return found;
}

/** Runs in the page: colours fade into each other, and are looked at when they have. */
async function fadesToEnd() {
  await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
  await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
}

/** Drops files on the page: `[name, bytes]` each. */
export function dropFiles(page, files) {
  return page.evaluate(
    (dropped) => {
      const dataTransfer = new DataTransfer();
      for (const [name, base64] of dropped)
        dataTransfer.items.add(
          new File([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))], name),
        );
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    },
    files.map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]),
  );
}

/** Runs in the page: `answered` becomes the milliseconds from the end of the next stroke to the model's answer to it. */
export function watchStroke() {
  const lifted = new Promise((resume) =>
    addEventListener('pointerup', resume, { once: true, capture: true }),
  );
  globalThis.answered = lifted.then(async () => {
    const began = performance.now();
    while (document.querySelector('.kept').getAttribute('aria-busy') !== 'false')
      await new Promise((resume) => setTimeout(resume, 1));
    return performance.now() - began;
  });
}
