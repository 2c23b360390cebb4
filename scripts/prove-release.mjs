// A release, rehearsed: publishes the packages of this clone to a registry that runs on this machine (Verdaccio), installs them
// by name into empty projects under every Node, without install scripts, and explains the sample there. Prints a report.
//
//   node scripts/prove-release.mjs [--cuda LIBRARY]
//
// --cuda: also packs a library of CUDA operators (`npm run build:cuda-check` makes one without a GPU), and installs it in this
// and in another version, which has to be refused.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { freePort } from './free-port.mjs';
import { nodeVersions, setUpNodes } from './node-versions.mjs';
import { packCuda } from './pack-cuda.mjs';
import { Failure, main, root, run, say } from './run.mjs';

/** The last one for Node 20. It asks for node-fetch by a tag, which a mirror may lack. */
const VERDACCIO = { dependencies: { verdaccio: '6.8.0' }, overrides: { 'node-fetch': '2.7.0' } };
const QUIET = ['--no-audit', '--no-fund', '--loglevel=error'];
const STARTS_WITHIN_S = 60;

const folder = mkdtempSync(join(tmpdir(), 'fep-release-'));
const at = (...names) => join(folder, ...names);
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

main(async () => {
  const { values } = parseArgs({ options: { cuda: { type: 'string' } } });
  await setUpNodes();
  let registry;
  try {
    registry = await startRegistry();
    await npm(root, ['pack', '--pack-destination', folder]);
    await npm(folder, ['publish', `fep-native-${version}.tgz`]);
    say(`published  fep-native ${version}`);
    for (const { major, path } of nodeVersions) await proveInstall({ major, path });
    if (values.cuda) await proveCuda(resolve(values.cuda));
  } finally {
    registry?.kill();
    rmSync(folder, { recursive: true, force: true });
  }
});

/** A registry whose own packages are this clone's; all others are passed on from the user's. */
async function startRegistry() {
  mkdirSync(at('verdaccio'));
  writeFileSync(at('verdaccio', 'package.json'), JSON.stringify({ private: true, ...VERDACCIO }));
  await run('npm', ['install', ...QUIET], { cwd: at('verdaccio') });
  const upstream = (await run('npm', ['config', 'get', 'registry'])).trim();
  const open = { access: '$all', publish: '$all' };
  const config = {
    storage: at('storage'),
    max_body_size: '200mb',
    uplinks: { upstream: { url: upstream, max_fails: 10, timeout: '60s' } },
    packages: { 'fep-native': open, '@fep-native/*': open, '**': { access: '$all', proxy: 'upstream' } },
    log: { type: 'stdout', level: 'warn' },
  };
  writeFileSync(at('config.yaml'), JSON.stringify(config)); // JSON is YAML
  const address = `http://127.0.0.1:${await freePort()}/`;
  const program = at('verdaccio', 'node_modules', 'verdaccio', 'bin', 'verdaccio');
  const child = spawn(process.execPath, [program, '--config', at('config.yaml'), '--listen', address], {
    stdio: 'ignore',
  });
  writeFileSync(at('npmrc'), `registry=${address}\n${address.replace('http:', '')}:_authToken=rehearsal\n`);
  for (let i = 0; i < 2 * STARTS_WITHIN_S; i++) {
    if (await answers(`${address}-/ping`)) return child;
    await sleep(500);
  }
  child.kill();
  throw new Failure('the registry did not start');
}

async function answers(address) {
  try {
    return (await fetch(address)).ok;
  } catch {
    return false;
  }
}

/** Runs npm against the registry on this machine, once its settings are written. */
function npm(cwd, args, { node = process.execPath } = {}) {
  return run(node, [npmProgram(), ...args, ...QUIET], {
    cwd,
    env: { ...process.env, NPM_CONFIG_USERCONFIG: at('npmrc') },
  });
}

/** The npm beside the Node that runs this script, which any Node can run. */
function npmProgram() {
  const beside = createRequire(join(process.execPath, '..', '..', 'lib', 'node_modules', 'x'));
  return join(beside.resolve('npm/package.json'), '..', 'bin', 'npm-cli.js');
}

/** An empty project, into which packages are installed by name. */
async function projectWith(name, packages, node) {
  const project = at(name);
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{"private": true}\n');
  await npm(project, ['install', '--ignore-scripts', ...packages], { node });
  return project;
}

async function proveInstall({ major, path }) {
  const project = await projectWith(`node-${major}`, ['fep-native'], path);
  const package_ = join(project, 'node_modules', 'fep-native');
  const sample = join(package_, 'models', 'sample.mp4');
  const explain = ['explain', sample, '--iterations', '3', '--out', 'out', '--quiet'];
  await run(path, [join(package_, 'dist', 'cli', 'main.js'), ...explain], { cwd: project });
  const { target } = JSON.parse(readFileSync(join(project, 'out', 'result.json'), 'utf8'));
  say(`Node ${major}    npm install fep-native --ignore-scripts, explain: ${target.name}`);
}

/** The package of CUDA operators: found in its own version, refused in another. */
async function proveCuda(library) {
  const { CUDA_PACKAGE } = createRequire(import.meta.url)('../dist/libtorch/cudaPackage.js');
  for (const other of [version, `${version}-other`]) {
    const tarball = await packCuda({ library, out: folder, version: other });
    await npm(folder, ['publish', tarball, '--tag', 'latest']);
    const project = await projectWith(`cuda-${other}`, ['fep-native', `${CUDA_PACKAGE}@${other}`]);
    const require = createRequire(join(project, 'x'));
    const installed = (path) => require(join(project, 'node_modules', 'fep-native', 'dist', path));
    const { operators, version: packageVersion } = installed('libtorch/cudaPackage.js').findCudaPackage();
    const facts = { variant: 'cu130', devices: 1, operators: true, packageVersion };
    const problem = installed('binding/cuda.js').cudaProblem(facts, 'cuda');
    const outcome = problem
      ? `refused: ${problem.reason}. ${problem.hint}`
      : `taken: ${relative(project, operators)}`;
    say(`CUDA       ${CUDA_PACKAGE}@${other} ${outcome}`);
  }
}
