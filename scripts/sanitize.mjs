// npm run test:sanitize: builds the operators and the addon with AddressSanitizer and UndefinedBehaviorSanitizer into
// build/sanitize, and runs the native tests on them. Arguments name ava files to run instead of everything. Wants GCC,
// whose runtime of the sanitizers is a library that can be loaded first, and many minutes.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { locateLibtorch } from '../dist/libtorch/locate.js';
import { requireBuildable } from './build-native.mjs';
import { capture, Failure, main, root, runVisibly, say } from './run.mjs';
import { report, runAva, runPytest } from './runners.mjs';

const folder = join(root, 'build', 'sanitize');
const reports = join(folder, 'reports');

/** The first error ends the process; the C++ library checks the indices of its containers besides. */
const FLAGS = [
  '-fsanitize=address,undefined',
  '-fno-sanitize=vptr', // wants the type information of c10::DynamicType, which libtorch does not export
  '-fno-sanitize-recover=all',
  '-fno-omit-frame-pointer',
  '-g1',
  '-D_GLIBCXX_ASSERTIONS',
];

/** What goes through the addon: every argument, the life of its threads, its jobs, and errors inside models. */
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
 * Neither node nor python is built with a sanitizer: its runtime has to be loaded before everything else, and the C++
 * library with it, whose exceptions it watches. Leaks are not looked for at the end: libtorch and Python leave much to
 * it. Whether something of ours piles up is for npm run soak to say.
 */
async function environment() {
  const libraries = await Promise.all(['libasan.so', 'libstdc++.so'].map(libraryOfCompiler));
  return {
    ...process.env,
    LD_PRELOAD: libraries.join(':'),
    // Models that ask for too much memory are among the tests: they shall be refused as ever.
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

/** Reports of processes that tests started, and whose end they expected, count too; memory that was refused does not. */
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
