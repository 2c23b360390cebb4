// npm run test:sanitize: builds the operators and the addon with AddressSanitizer and UndefinedBehaviorSanitizer into
// build/sanitize, and runs the native tests on them. Arguments name ava files to run instead of everything. Needs GCC, whose
// sanitizer runtime is a library that can be preloaded, and takes many minutes.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { locateLibtorch } from '../dist/libtorch/locate.js';
import { requireBuildable } from './build-native.mjs';
import { capture, Failure, main, root, runVisibly, say } from './run.mjs';
import { report, runAva, runPytest } from './runners.mjs';

const folder = join(root, 'build', 'sanitize');
const reports = join(folder, 'reports');

/** The first error ends the process. _GLIBCXX_ASSERTIONS adds the C++ library's own checks, such as of indices. */
const FLAGS = [
  '-fsanitize=address,undefined',
  '-fno-sanitize=vptr', // needs the type information of c10::DynamicType, which libtorch does not export
  '-fno-sanitize-recover=all',
  '-fno-omit-frame-pointer',
  '-g1',
  '-D_GLIBCXX_ASSERTIONS',
];

/** The tests that exercise the addon: its arguments, threads and jobs, and errors inside models. */
const THROUGH_THE_ADDON = [
  '10.binding',
  '12.worker',
  '13.predict-perturbed',
  '15.model.gradient',
  '16.model.check',
  '43.cam-layers',
].map((name) => `test/${name}.test.mjs`);

async function build() {
  const torch = requireBuildable(locateLibtorch().root);
  const flags = `-DCMAKE_CXX_FLAGS=${FLAGS.join(' ')}`;
  const options = ['-DCMAKE_BUILD_TYPE=Release', '-DFEP_CUDA=OFF', `-DTorch_DIR=${torch}`, flags];
  for (const args of [
    ['-S', root, '-B', folder, ...options],
    ['--build', folder, '--parallel', '2'],
  ]) {
    if ((await runVisibly('cmake', args)) !== 0) throw new Failure('the build with sanitizers failed');
  }
}

/**
 * Node and Python are not built with sanitizers, so the runtime has to be preloaded, together with the C++ library, whose
 * exceptions it intercepts. Leak detection is off, because libtorch and Python do not free everything at exit; npm run soak
 * finds our own leaks.
 */
async function environment() {
  const libraries = await Promise.all(['libasan.so', 'libstdc++.so'].map(libraryOfCompiler));
  return {
    ...process.env,
    LD_PRELOAD: libraries.join(':'),
    // Some tests use models that need too much memory; the allocation has to fail as it does elsewhere.
    ASAN_OPTIONS: `detect_leaks=0:allocator_may_return_null=1:log_path=${join(reports, 'address')}`,
    UBSAN_OPTIONS: `print_stacktrace=1:log_path=${join(reports, 'undefined')}`,
    FEP_TEST_BUILD: join(folder, 'Release'),
    FEP_TEST_FLAGS: [...FLAGS, '-Wno-error'].join(' '), // instrumented code looks uninitialised to GCC
    NODE_OPTIONS: `--require "${join(root, 'test', 'helpers', 'useBuild.cjs')}"`,
  };
}

async function libraryOfCompiler(name) {
  const { log } = await capture(process.env.CXX || 'c++', [`-print-file-name=${name}`]);
  const path = log.trim();
  if (!existsSync(path)) throw new Failure(`the compiler has no ${name}: the sanitizers need those of GCC`);
  return path;
}

/** Includes reports from processes that tests start and expect to die; a failed allocation alone is no error. */
function printReports() {
  const texts = readdirSync(reports).map((name) => readFileSync(join(reports, name), 'utf8'));
  const errors = texts.filter(
    (text) => !/^(.*WARNING: AddressSanitizer failed to allocate.*\n?)*$/.test(text),
  );
  for (const text of errors) process.stderr.write(text);
  return errors.length;
}

main(async () => {
  await build();
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  const env = await environment();
  const chosen = process.argv.slice(2);
  const results = chosen.length > 0 ? [] : [await runPytest(join('test', 'native'), { env })];
  const slowly = { timeout: '20m', more: ['--no-worker-threads'], env };
  results.push(await runAva(chosen.length > 0 ? chosen : THROUGH_THE_ADDON, slowly));
  const code = report(results);
  const found = printReports();
  say(found === 0 ? 'the sanitizers found nothing' : `processes with an error: ${found}`);
  return found > 0 ? 1 : code;
});
