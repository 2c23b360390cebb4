// Builds the native addon into build/Release with cmake-js, against the libtorch that lib/libtorch finds, or
// --libtorch ROOT; --cuda on, off or auto (or FEP_CUDA) says whether the CUDA operators are built.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { capture, Failure, isMain, main, root, run, runVisibly } from './run.mjs';

/** The operators' library, as this system names it. */
const OPERATORS = { darwin: 'libfep_ops.dylib', win32: 'fep_ops.dll' }[process.platform] ?? 'libfep_ops.so';

/** The files that a build must produce. */
export const nativeOutputs = ['fep.node', 'fep_loader.node', OPERATORS].map((name) =>
  join(root, 'build', 'Release', name),
);

/** The values of FEP_CUDA: see native/ops/cuda/CMakeLists.txt. */
const CUDA = ['AUTO', 'ON', 'OFF'];

/** The version of libtorch that the build is for; lib/libtorch accepts no other. */
const builtFor = join(root, 'build', 'Release', 'libtorch-version');

/**
 * Builds the addon.
 *
 * @param {{ libtorch: string, cuda?: 'AUTO' | 'ON' | 'OFF', visible?: boolean }} options the root of libtorch; whether to
 *   build the CUDA operators (by default, if possible); whether to show the compiler's output
 */
export async function buildNative({ libtorch, cuda = process.env.FEP_CUDA ?? 'AUTO', visible = false }) {
  if (!CUDA.includes(cuda)) throw new Failure(`FEP_CUDA must be one of ${CUDA.join(', ')}, got ${cuda}`);
  await requireCompilers();
  const torchDir = requireBuildable(libtorch);
  forgetOtherLibtorch(torchDir);
  const cmakeJs = join(root, 'node_modules', 'cmake-js', 'bin', 'cmake-js');
  const parallel = String(Math.min(2, availableParallelism()));
  const args = [
    cmakeJs,
    'build',
    `--CDTorch_DIR=${torchDir}`,
    `--CDFEP_CUDA=${cuda}`,
    '--parallel',
    parallel,
    ...(process.platform === 'win32' ? ['--toolset', 'ClangCL'] : []), // see native/platform.cmake
  ];
  if (!visible) await run(process.execPath, args);
  else if ((await runVisibly(process.execPath, args)) !== 0) throw new Failure('the native build failed');
  const missing = nativeOutputs.filter((path) => !existsSync(path));
  if (missing.length > 0) throw new Failure(`the native build did not produce ${missing.join(', ')}`);
  const { version } = readLibtorchVersion(libtorch) ?? {};
  if (version) writeFileSync(builtFor, `${version}\n`);
}

/** @returns CMake's Torch_DIR */
export function requireBuildable(libtorch) {
  const torchDir = join(libtorch, 'share', 'cmake', 'Torch');
  if (!existsSync(torchDir))
    throw new Failure(`${libtorch} has no share/cmake, so nothing can be built against it`);
  return torchDir;
}

async function requireCompilers() {
  if (process.platform === 'win32') return; // Visual Studio's compilers are not on the PATH; CMake finds them
  const tools = { cmake: ['cmake'], 'g++': [process.env.CXX || 'c++'], make: ['make', 'ninja'] };
  const missing = [];
  for (const [name, commands] of Object.entries(tools)) {
    const found = await Promise.all(commands.map((command) => capture(command, ['--version'])));
    if (found.every(({ code }) => code !== 0)) missing.push(name);
  }
  if (missing.length === 0) return;
  throw new Failure(
    `the native build needs ${missing.join(', ')}. On Debian and Ubuntu: apt-get install -y ${missing.join(' ')}`,
  );
}

/**
 * Removes CMake's cache if it is stale. CMake remembers the libraries of the libtorch it was configured with, even when that
 * one is gone, and the folder it was configured in, even after the clone was moved or copied. And an interrupted
 * configuration looks complete to cmake-js.
 */
function forgetOtherLibtorch(torchDir) {
  const build = join(root, 'build');
  const cache = join(build, 'CMakeCache.txt');
  if (!existsSync(cache)) return;
  const remembered = readFileSync(cache, 'utf8');
  const same =
    /^Torch_DIR:\w+=(.*)$/m.exec(remembered)?.[1] === torchDir &&
    /^CMAKE_CACHEFILE_DIR:\w+=(.*)$/m.exec(remembered)?.[1] === build;
  if (same && ['build.ninja', 'Makefile'].some((name) => existsSync(join(build, name)))) return;
  rmSync(cache);
  rmSync(join(build, 'CMakeFiles'), { recursive: true, force: true });
}

function readLibtorchVersion(libtorch) {
  return requireCompiled('readVersion').readLibtorchVersion(libtorch);
}

function requireCompiled(name) {
  const compiled = join(root, 'dist', 'libtorch', `${name}.js`);
  if (!existsSync(compiled))
    throw new Failure('run npm run setup first: it installs libtorch and compiles the TypeScript');
  return createRequire(import.meta.url)(compiled);
}

if (isMain(import.meta.url)) {
  main(async () => {
    const { values } = parseArgs({ options: { libtorch: { type: 'string' }, cuda: { type: 'string' } } });
    const libtorch = values.libtorch ?? requireCompiled('locate').locateLibtorch().root;
    await buildNative({ libtorch, visible: true, ...(values.cuda && { cuda: values.cuda.toUpperCase() }) });
  });
}
