// Brings a clone to where it runs: npm packages, TypeScript, the viewer, libtorch, the native addon; with --test also
// the Python packages, Node versions, browser and Redis that tests and lint use. Every step looks first whether it is needed.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setUpBrowser } from './browser.mjs';
import { buildNative, nativeOutputs } from './build-native.mjs';
import { buildViewer, viewerOutputs } from './build-viewer.mjs';
import { setUpNodes } from './node-versions.mjs';
import { setUpPython, venvPython } from './python-env.mjs';
import { setUpRedis } from './redis.mjs';
import {
  capture,
  digest,
  Failure,
  isMain,
  isStamped,
  main,
  root,
  run,
  say,
  showLine,
  stamp,
} from './run.mjs';

const require = createRequire(import.meta.url);
const kernelsForTests = ['libfep_cuda_on_host.so', 'libfep_cuda_watched.so'].map((name) =>
  join(root, 'build', 'on-host', name),
);

/** @param {{ test?: boolean }} options whether to set up what the tests need too */
export async function setup({ test = false } = {}) {
  requireNode();
  await installPackages();
  await compileTypeScript();
  await bundleViewer();
  const libtorch = await bringLibtorch();
  // The compiler waits for the processor, downloads for the network.
  await Promise.all([buildAddon(libtorch), test ? setUpTests() : undefined]);
  if (test) await compileKernelsForTests(libtorch);
}

async function setUpTests() {
  await setUpNodes();
  await setUpPython();
  await setUpBrowser();
  await setUpRedis();
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 9)) return;
  throw new Failure(`Node 20.9 or newer is needed, this is ${process.version}`);
}

async function installPackages() {
  if (packagesMatch()) return;
  say('Installing npm packages …');
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  const exact = await capture('npm', ['ci', ...quiet]);
  // A lock file made on another platform may lack this one's optional packages; `npm ci` then refuses it whole.
  if (exact.code !== 0 && !exact.log.includes('EUSAGE')) throw new Failure(`npm ci failed:\n${exact.log}`);
  if (exact.code !== 0) await run('npm', ['install', '--no-save', ...quiet]);
}

/** Whether what npm says it installed last is what the lock file asks for. */
function packagesMatch() {
  const installed = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  const wanted = packagesOf(join(root, 'package-lock.json'));
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === '' || installed[path]?.version === version || (optional && installed[path] === undefined),
  );
}

function packagesOf(lockFile) {
  return existsSync(lockFile) ? JSON.parse(readFileSync(lockFile, 'utf8')).packages : {};
}

async function compileTypeScript() {
  const input = digest(['lib', 'tsconfig.json', 'binding.d.ts', 'package-lock.json']);
  if (isStamped('typescript', input) && existsSync(join(root, 'dist', 'libtorch', 'locate.js'))) return;
  say('Compiling TypeScript …');
  await run(process.execPath, [
    join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
    '-p',
    'tsconfig.json',
  ]);
  stamp('typescript', input);
}

async function bundleViewer() {
  const input = digest([
    'lib/viewer',
    'lib/report',
    'scripts/build-viewer.mjs',
    'scripts/bundled-licences.mjs',
    'package-lock.json',
  ]);
  if (isStamped('viewer', input) && viewerOutputs.every((path) => existsSync(path))) return;
  say('Building the viewer …');
  await buildViewer();
  stamp('viewer', input);
}

/** The libtorch that will be used, installed into the cache if there is none. */
async function bringLibtorch() {
  const { locateLibtorch } = require(join(root, 'dist', 'libtorch', 'locate.js'));
  try {
    return locateLibtorch();
  } catch (error) {
    if (process.env.FEP_LIBTORCH) throw new Failure(`${error.message}\n${error.hint ?? ''}`);
  }
  const { installLibtorch } = require(join(root, 'dist', 'libtorch', 'install.js'));
  say('Installing libtorch (about 190 MB to download, 450 MB on disk) …');
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once('SIGINT', interrupt);
  try {
    await installLibtorch({ onProgress: showProgress, signal: stop.signal });
    return locateLibtorch();
  } catch (error) {
    const exitCode = stop.signal.aborted ? 130 : 1;
    throw Object.assign(new Failure([error.message, error.hint].join('\n').trim()), { exitCode });
  } finally {
    process.off('SIGINT', interrupt);
  }
}

function showProgress({ stage, done, total, message }) {
  if (message) say(`  ${message}`);
  else if (total) showLine(`  ${stage} ${Math.floor((100 * done) / total)} %`);
}

const nativeInput = ({ root: place, version }) =>
  digest(['native', 'CMakeLists.txt'], `${place} ${version} ${process.arch}`);

async function buildAddon(libtorch) {
  const input = nativeInput(libtorch);
  if (isStamped('native', input) && nativeOutputs.every((path) => existsSync(path))) return;
  say('Building the native addon (a few minutes the first time) …');
  await buildNative({ libtorch: libtorch.root });
  stamp('native', input);
}

/** The CUDA kernels as an ordinary compiler takes them, which pytest runs on the CPU: linked with the addon's operators. */
async function compileKernelsForTests(libtorch) {
  const script = join('test', 'native', 'on_host.py');
  const own = ['cuda_on_host.cc', 'races.h', 'race_watch.cc', 'native_build.py'];
  const sources = ['native/ops', 'native/network', ...own.map((name) => `test/native/${name}`), script];
  const python = ['scripts/python-env.mjs', 'scripts/requirements.txt'];
  const input = digest([...sources, ...python], nativeInput(libtorch));
  if (isStamped('kernels-for-tests', input) && kernelsForTests.every((path) => existsSync(path))) return;
  say('Compiling the CUDA kernels for the tests …');
  await run(venvPython, [script]);
  stamp('kernels-for-tests', input);
}

if (isMain(import.meta.url)) {
  main(async () => {
    await setup({ test: process.argv.includes('--test') });
    say('Everything is set up.');
  });
}
