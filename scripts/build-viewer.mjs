// Builds lib/viewer with Vite: dist/viewer/page.html, the template of reports, and dist/viewer/index.mjs, with which other
// pages show explanations.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectLicences } from './bundled-licences.mjs';
import { Failure, isMain, main, root, run } from './run.mjs';

const source = join(root, 'lib', 'viewer');
const output = join(root, 'dist', 'viewer');

/** The files that a build must produce. */
export const viewerOutputs = ['page.html', 'index.mjs'].map((name) => join(output, name));

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
  await vite.build({
    ...common,
    plugins: [collect, viteSingleFile()],
    build: { ...build, rollupOptions: { input: join(source, 'page.html') } },
  });
  finishPage(join(output, 'page.html'), licences);
  const lib = { entry: join(source, 'index.mts'), formats: ['es'], fileName: () => 'index.mjs' };
  await vite.build({ ...common, build: { ...build, lib } });
  const bundle = join(output, 'index.mjs');
  writeFileSync(bundle, `/*!\n${licences.replaceAll('*/', '* /')}\n*/\n${readFileSync(bundle, 'utf8')}`);
}

/** Adds a policy that lets the page run only its own script and load nothing, and the licences of its packages. */
function finishPage(path, licences) {
  const page = readFileSync(path, 'utf8');
  const [, script] = /<script type="module"[^>]*>([\s\S]*?)<\/script>/.exec(page);
  if (script === '') throw new Failure(`${path} does not contain its script`);
  const hash = createHash('sha256').update(script).digest('base64');
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${hash}'`,
    "style-src 'unsafe-inline'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const meta = `<meta http-equiv="Content-Security-Policy" content="${policy}">`;
  const notice = `<!--\n${licences.replaceAll('--', '- -')}\n-->`;
  writeFileSync(
    path,
    page.replace('<head>', () => `<head>\n${meta}`).replace('</body>', () => `${notice}\n</body>`),
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
