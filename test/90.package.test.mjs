// The package as others get it: what the tarball holds, and that it works where nothing but npm has been.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import test from 'ava';
import { publint } from 'publint';
import { nodeVersions } from '../scripts/node-versions.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const MOST_BYTES = 20e6;
const QUIET = ['--no-audit', '--no-fund', '--loglevel=error'];
const PLATFORM = `${process.platform}-${process.arch}`;

/** The tarball, and a project into which nothing but it was installed, no install script having run. */
const { tarball, contents, project } = await (async () => {
  const folder = temporaryFolder({ teardown: (remove) => test.after.always(remove) });
  const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', folder, '--loglevel=error'], {
    cwd: root,
    encoding: 'utf8',
  });
  const [{ filename, files }] = JSON.parse(packed.slice(packed.indexOf('[\n')));
  const into = join(folder, 'project');
  mkdirSync(into);
  writeFileSync(join(into, 'package.json'), '{"private": true}\n');
  const install = ['install', '--ignore-scripts', '--prefer-offline', ...QUIET, join(folder, filename)];
  execFileSync('npm', install, { cwd: into });
  return { tarball: join(folder, filename), contents: files.map(({ path }) => path), project: into };
})();

/** Runs a program in that project. */
function inProject(command, args, env = {}) {
  return spawnSync(command, args, {
    cwd: project,
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
}

test('the tarball holds what a user needs, and nothing else', (t) => {
  const native = ['fep.napi8.node', 'fep_loader.napi8.node', 'libfep_ops.so'];
  const needed = [
    'package.json',
    'README.md',
    'LICENSE',
    'CHANGELOG.md',
    'binding.d.ts',
    'dist/index.js',
    'dist/index.mjs',
    'dist/index.d.ts',
    'dist/index.d.mts',
    'dist/cli/main.js',
    ...native.map((name) => `prebuilds/${PLATFORM}/${name}`),
    'models/r2plus1d-mini.pt',
    'models/tsm-mini.pt',
    'models/transformer-mini.pt',
    'models/sample.mp4',
    'python/pyproject.toml',
    'python/fep_import/__main__.py',
    'python/fep_import/sources/huggingface.py',
  ];
  for (const path of needed) t.true(contents.includes(path), path);
  const allowed =
    /^(dist|models|prebuilds|docs|python)\/|^(package\.json|README\.md|LICENSE|CHANGELOG\.md|binding\.d\.ts)$/;
  t.deepEqual(
    contents.filter((path) => !allowed.test(path)),
    [],
  );
  t.deepEqual(
    contents.filter((path) => /libtorch.*\.so|libc10|libgomp|\.cc$|\.map$/.test(path)),
    [],
    'libtorch is never packed',
  );
  const { size } = statSync(tarball);
  t.log(`${(size / 1e6).toFixed(1)} MB, ${contents.length} files`);
  t.true(size < MOST_BYTES, `${size} bytes`);
});

test('every compiled file has its source', (t) => {
  const orphans = contents
    .filter((path) => path.startsWith('dist/'))
    .map((path) => [path, join(root, path.replace(/^dist/, 'lib').replace(/(\.d)?\.(m?)(ts|js)$/, '.$2ts'))])
    .filter(([, source]) => !existsSync(source) && !existsSync(`${source}x`));
  t.deepEqual(orphans, []);
});

test('the addon names no folder of the machine that compiled it', (t) => {
  for (const path of contents.filter((name) => name.startsWith('prebuilds/'))) {
    const bytes = readFileSync(join(project, 'node_modules', 'fep-native', path), 'latin1');
    for (const place of [root, `${process.env.HOME}/`]) t.false(bytes.includes(place), `${path}: ${place}`);
  }
});

test('nothing has to be run at install', (t) => {
  const { scripts, gypfile } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const name of ['preinstall', 'install', 'postinstall', 'prepare'])
    t.is(scripts[name], undefined, name);
  t.false(gypfile);
});

test('publint has nothing to say', async (t) => {
  const bytes = Uint8Array.from(readFileSync(tarball)); // an ArrayBuffer of its own
  const { messages } = await publint({ pack: { tarball: bytes.buffer }, strict: true });
  t.deepEqual(messages, []);
});

test('are the types wrong: no', async (t) => {
  // The viewer is for browsers and bundlers, which take ES modules alone.
  const options = { excludeEntrypoints: ['./viewer'] };
  const { problems } = await checkPackage(createPackageFromTarballData(readFileSync(tarball)), options);
  t.deepEqual(problems, []);
});

/** Explains the sample that the package ships, and prints what came out. */
const program = (load) => `
  ${load}
  (async () => {
    const root = ${JSON.stringify(join('node_modules', 'fep-native', 'models'))};
    const model = await loadModel('tsm-mini', { threads: 1 });
    const clip = await readClip(root + '/sample.mp4', model.manifest.input);
    const { target, masks } = await explain(model, clip, { method: 'f-ep', iterations: 3 });
    model.dispose();
    const { createHash } = require('node:crypto');
    const mask = createHash('sha256').update(masks[0].mask).digest('hex');
    console.log(JSON.stringify({ target: target.name, energy: masks[0].energy, mask }));
  })();`;
const FORMS = {
  'cjs.cjs': program("const { explain, loadModel, readClip } = require('fep-native');"),
  'esm.mjs': program(`import { createRequire } from 'node:module';
  import { explain, loadModel, readClip } from 'fep-native';
  const require = createRequire(import.meta.url);`),
};

test.serial('it explains a clip from ESM and CommonJS on every Node, alike to the last bit', (t) => {
  const answers = new Map();
  for (const [name, source] of Object.entries(FORMS)) writeFileSync(join(project, name), source);
  for (const { major, path } of nodeVersions) {
    t.regex(inProject(path, ['--version']).stdout, new RegExp(`^v${major}\\.`));
    for (const name of Object.keys(FORMS)) {
      const { status, stdout, stderr } = inProject(path, [name]);
      t.is(status, 0, `Node ${major}, ${name}: ${stderr}`);
      answers.set(`Node ${major}, ${name}`, stdout);
    }
  }
  t.is(new Set(answers.values()).size, 1, JSON.stringify([...answers]));
  t.is(JSON.parse([...answers.values()][0]).energy.length, 3);
});

test.serial('the command line works on every Node', (t) => {
  for (const { major, path } of nodeVersions) {
    const main = join('node_modules', 'fep-native', 'dist', 'cli', 'main.js');
    const { status, stdout, stderr } = inProject(path, [main, 'doctor', '--json']);
    t.is(status, 0, `Node ${major}: ${stderr}`);
    const addon = JSON.parse(stdout).checks.find(({ name }) => name === 'addon');
    t.is(addon.status, 'ok');
    t.true(addon.detail.includes(join('prebuilds', PLATFORM)), addon.detail);
  }
});

test.serial('without libtorch the first use says the one command that brings it', (t) => {
  const nowhere = { HOME: project, FEP_CACHE: join(project, 'no-cache'), FEP_LIBTORCH: '', LIBTORCH: '' };
  const nothing = { ...nowhere, XDG_CACHE_HOME: '' };
  const clip = join('node_modules', 'fep-native', 'models', 'sample.mp4');
  const { status, stderr } = inProject(
    'npx',
    ['--no-install', 'fep-native', 'explain', clip, '--quiet'],
    nothing,
  );
  t.is(status, 3, stderr);
  t.regex(stderr, /No libtorch 2\.13\.x was found/);
  t.regex(stderr, /→ Run: npx fep-native libtorch install\n/);
});

test.serial('a queue asks for the packages that it takes, which nobody else has to install', (t) => {
  for (const name of ['bullmq', 'ioredis']) t.false(existsSync(join(project, 'node_modules', name)), name);
  const main = join('node_modules', 'fep-native', 'dist', 'cli', 'main.js');
  const { status, stderr } = inProject(process.execPath, [main, 'worker', '--queue', 'redis://127.0.0.1:1']);
  t.is(status, 3, stderr);
  t.regex(
    stderr,
    /A queue needs the packages bullmq and ioredis\.\n {2}→ .*npm install bullmq@6 ioredis@5\n/,
  );
});

const TYPED = `
import { explain, type Explanation, FepError, loadModel, readClip } from 'fep-native';
export async function run(path: string): Promise<Explanation> {
  const model = await loadModel('r2plus1d-mini', { device: 'cpu' });
  try {
    const clip = await readClip(path, model.manifest.input);
    return await explain(model, clip, { method: 'step', area: [0.05, 0.1], onProgress: ({ iteration }) => void iteration.toFixed() });
  } catch (error) {
    if (error instanceof FepError) console.error(error.code.toLowerCase(), error.hint?.length);
    throw error;
  } finally {
    model.dispose();
  }
}
// @ts-expect-error there is no such method
export const wrong = (model: Parameters<typeof explain>[0], clip: Parameters<typeof explain>[1]) => explain(model, clip, { method: 'guess' });
`;

test('TypeScript is content with it, strictly, as ESM and as CommonJS', (t) => {
  const types = join(project, 'node_modules', '@types');
  mkdirSync(types, { recursive: true });
  if (!existsSync(join(types, 'node')))
    symlinkSync(join(root, 'node_modules', '@types', 'node'), join(types, 'node'));
  for (const name of ['typed.mts', 'typed.cts']) writeFileSync(join(project, name), TYPED);
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const strict = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--noEmit'];
  for (const [module, resolution] of [
    ['node16', 'node16'],
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ]) {
    const how = ['--module', module, '--moduleResolution', resolution, '--target', 'es2022'];
    const libraries = ['--lib', 'es2023,esnext.disposable', '--types', 'node'];
    const files = module === 'esnext' ? ['typed.mts'] : ['typed.mts', 'typed.cts'];
    const { status, stdout } = inProject(process.execPath, [tsc, ...strict, ...how, ...libraries, ...files]);
    t.is(status, 0, `${module}: ${stdout}`);
  }
});

test('the reference documents everything that is exported', (t) => {
  const typedoc = join(root, 'node_modules', 'typedoc', 'bin', 'typedoc');
  const { status, stdout, stderr } = spawnSync(process.execPath, [typedoc], { cwd: root, encoding: 'utf8' });
  t.is(status, 0, `${stdout}${stderr}`);
  const pages = [
    'functions/index.explain.html',
    'functions/entries_metrics.scoreMask.html',
    'documents/explain.html',
  ];
  for (const page of pages) t.true(existsSync(join(root, 'build', 'docs', page)), page);
});
