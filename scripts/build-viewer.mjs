// Builds lib/viewer with Vite: dist/viewer/page.html, the template of reports, dist/viewer/studio.html, the studio's page, and
// dist/viewer/index.mjs, with which other pages show explanations.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectLicences } from './bundled-licences.mjs';
import { Failure, isMain, main, root, run } from './run.mjs';

const source = join(root, 'lib', 'viewer');
const output = join(root, 'dist', 'viewer');

/** The files that a build must produce. */
export const viewerOutputs = ['page.html', 'studio.html', 'index.mjs'].map((name) => join(output, name));

/** Settings that all builds share. */
const common = {
  configFile: false,
  root: source,
  logLevel: 'warn',
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none' },
};
const build = { outDir: output, emptyOutDir: false, target: 'es2022', cssTarget: 'es2022' };

/** Checks the viewer's types, writes its declarations, and builds it. */
export async function buildViewer() {
  await writeTypes();
  const vite = await import('vite');
  const { viteSingleFile } = await import('vite-plugin-singlefile');
  let licences = '';
  const collect = collectLicences((text) => {
    licences = text;
  });
  for (const input of ['page.html', 'studio.html'])
    await vite.build({
      ...common,
      plugins: [collect, viteSingleFile()],
      build: { ...build, rollupOptions: { input: join(source, input) } },
    });
  finishPage(join(output, 'page.html'), licences, embeddedPolicy);
  finishPage(join(output, 'studio.html'), licences, servedPolicy);
  const lib = { entry: join(source, 'index.mts'), formats: ['es'], fileName: () => 'index.mjs' };
  await vite.build({ ...common, build: { ...build, lib } });
  const bundle = join(output, 'index.mjs');
  writeFileSync(bundle, `/*!\n${licences.replaceAll('*/', '* /')}\n*/\n${readFileSync(bundle, 'utf8')}`);
}

/** A page runs its own script, and does nothing else but what `rules` allow. */
const policyOf = (hash, rules) =>
  [
    "default-src 'none'",
    `script-src '${hash}'`,
    "style-src 'unsafe-inline'",
    ...rules,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');

/** A page on disk loads nothing. */
const embeddedPolicy = (html, hash) => {
  const policy = policyOf(hash, ['img-src data:']);
  const meta = `<meta http-equiv="Content-Security-Policy" content="${policy}">`;
  return html.replace('<head>', () => `<head>\n${meta}`);
};

/** The studio's page, of which the server takes the policy: it also asks the server that it came from. */
const servedPolicy = (html, hash) => {
  const rules = ["img-src 'self' data: blob:", "connect-src 'self'", "frame-ancestors 'none'"];
  const policy = policyOf(hash, rules);
  return html.replace('name="fep-policy" content=""', () => `name="fep-policy" content="${policy}"`);
};

/** Adds a policy that lets the page run only its own script, and the licences of its packages. */
function finishPage(path, licences, withPolicy) {
  const page = readFileSync(path, 'utf8');
  const [, script] = /<script type="module"[^>]*>([\s\S]*?)<\/script>/.exec(page) ?? [];
  if (!script) throw new Failure(`${path} does not contain its script`);
  const hash = `sha256-${createHash('sha256').update(script).digest('base64')}`;
  const notice = `<!--\n${licences.replaceAll('--', '- -')}\n-->`;
  writeFileSync(
    path,
    withPolicy(page, hash).replace('</body>', () => `${notice}\n</body>`),
  );
}

/** Checks the types and writes the declarations of `fep-native/viewer`. */
async function writeTypes() {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  await run(process.execPath, [tsc, '-p', source]);
}

if (isMain(import.meta.url)) {
  main(buildViewer);
}
