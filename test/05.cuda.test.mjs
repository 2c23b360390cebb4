// CUDA: what stands in the way of a device is named with what to do, and the kernels compile where there is an nvcc.
// Nothing here needs a GPU.
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import test from 'ava';
import { cudaFacts, cudaProblem, cufftBeside } from '../dist/binding/cuda.js';
import { loadModel } from '../dist/index.mjs';
import { CUDA_PACKAGE, cudaOperatorsAdvice, findCudaPackage } from '../dist/libtorch/cudaPackage.js';
import { findNativeFiles, isBuiltFor } from '../dist/libtorch/nativeFiles.js';
import { nativeOutputs } from '../scripts/build-native.mjs';
import { findNvcc } from '../scripts/cuda-check.mjs';
import { packCuda } from '../scripts/pack-cuda.mjs';
import { prebuild } from '../scripts/prebuild.mjs';
import { root } from '../scripts/run.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';
import { testUnless } from './helpers/testUnless.mjs';

const facts = cudaFacts();
const withoutCuda = testUnless(
  cudaProblem(facts, 'cuda') === undefined ? 'this machine has a CUDA device' : undefined,
);
const nvcc = findNvcc();
const withNvcc = testUnless(nvcc === undefined ? 'there is no nvcc here' : undefined);

const READY = { variant: 'cu130', devices: 2, operators: true };

test('every reason why a CUDA device cannot be used has its hint', (t) => {
  t.is(cudaProblem(READY, 'cuda'), undefined);
  t.is(cudaProblem(READY, 'cuda:1'), undefined);
  t.is(cudaProblem({ ...READY, variant: 'cuda' }, 'cuda'), undefined);
  const problems = [
    [{ ...READY, variant: 'cpu' }, 'cuda', /CPU only/, /libtorch install --variant cu130/],
    [{ ...READY, devices: 0 }, 'cuda', /no CUDA device/, /nvidia-smi/],
    [READY, 'cuda:2', /no such device/, /cuda:0, cuda:1/],
    [{ ...READY, operators: false }, 'cuda:0', /libfep_ops_cuda\.so/, /--cuda on/],
    [
      { ...READY, packageVersion: '0.0.9' },
      'cuda',
      /is of version 0\.0\.9/,
      /npm install @fep-native\/cuda-/,
    ],
  ];
  for (const [facts, device, reason, hint] of problems) {
    const problem = cudaProblem(facts, device);
    t.regex(problem.reason, reason);
    t.regex(problem.hint, hint);
  }
});

withoutCuda('a CUDA device that is not there is refused, and auto takes the CPU', async (t) => {
  for (const device of ['cuda', 'cuda:7']) {
    const error = await t.throwsAsync(loadModel('tsm-mini', { device }), { code: 'FEP_CUDA_UNAVAILABLE' });
    t.true(error.message.startsWith(`${device} cannot be used: `));
    t.is(error.hint, cudaProblem(facts, device).hint);
  }
  const model = await loadModel('tsm-mini', { device: 'auto' });
  t.is(model.device, 'cpu');
  model.dispose();
});

test('the CUDA operators are opened on demand, not with the others', (t) => {
  const folder = temporaryFolder(t);
  for (const name of ['fep.node', 'fep_loader.node', 'libfep_ops.so']) writeFileSync(join(folder, name), '');
  t.is(findNativeFiles([folder]).cudaOperators, undefined);
  const cuda = join(folder, 'libfep_ops_cuda.so');
  writeFileSync(cuda, '');
  t.like(findNativeFiles([folder]), { operators: [join(folder, 'libfep_ops.so')], cudaOperators: cuda });
});

test('a prebuild leaves the CUDA operators out; a CPU libtorch never opens them', async (t) => {
  const [from, into] = [temporaryFolder(t), join(temporaryFolder(t), 'prebuilds')];
  for (const path of nativeOutputs) copyFileSync(path, join(from, basename(path)));
  const names = () => prebuild({ from, into }).map((path) => basename(path));
  const cpu = ['fep.napi8.node', 'fep_loader.napi8.node', 'libfep_ops.so'];
  t.deepEqual(names(), cpu);
  writeFileSync(join(from, 'libfep_ops_cuda.so'), 'no library');
  t.deepEqual(names(), cpu);
  copyFileSync(join(from, 'libfep_ops_cuda.so'), join(into, 'libfep_ops_cuda.so'));

  // In a process of its own: the addon of this one is loaded already.
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', ON_CPU(into)],
    {
      encoding: 'utf8',
    },
  );
  t.is(status, 0, stderr);
  const { facts, refused } = JSON.parse(stdout);
  t.true(facts.operators);
  if (/^cu/.test(facts.variant)) t.regex(refused, /cannot be loaded|no CUDA device/);
  else t.is(refused, cudaProblem(facts, 'cuda').reason);

  writeFileSync(join(from, 'libfep_ops.so'), `${process.env.HOME}/somewhere/torch.h`);
  t.throws(() => prebuild({ from, into }), { message: /libfep_ops\.so has the path .* in it/ });
});

test('the CUDA operators are a package of their own, found beside this one, and refused in another version', async (t) => {
  const folder = temporaryFolder(t);
  const root = join(folder, 'node_modules', 'fep-native');
  t.is(findCudaPackage(root), undefined);
  const library = join(folder, 'library');
  writeFileSync(library, 'no library');
  const tarball = await packCuda({ library, out: folder, version: '0.0.9' });
  const installed = join(folder, 'node_modules', CUDA_PACKAGE);
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1']);
  t.deepEqual(readdirSync(installed).sort(), ['LICENSE', 'README.md', 'libfep_ops_cuda.so', 'package.json']);
  t.deepEqual(findCudaPackage(root), { version: '0.0.9', operators: join(installed, 'libfep_ops_cuda.so') });
  const { os, cpu } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  t.deepEqual([os, cpu], [[process.platform], [process.arch]]);
  t.regex(cudaOperatorsAdvice(root), new RegExp(`npm install ${CUDA_PACKAGE}@\\d`));
  writeFileSync(library, `${process.env.HOME}/somewhere/torch.h`);
  await t.throwsAsync(packCuda({ library, out: folder }), { message: /has the path .* in it/ });
});

/** Loads the addon of a folder, and asks for CUDA. */
const ON_CPU = (folder) => `
  import cuda from ${JSON.stringify(new URL('../dist/binding/cuda.js', import.meta.url).href)};
  const options = { nativeFolders: [${JSON.stringify(folder)}] };
  const facts = cuda.cudaFacts(options);
  let refused;
  try { cuda.requireCuda('cuda', options); } catch ({ message }) { refused = message.match(/cannot be used: (.*)\\.$/s)[1]; }
  console.log(JSON.stringify({ facts, refused }));`;

test('cuFFT is found in libtorch, or beside it in a Python environment', (t) => {
  const folder = temporaryFolder(t);
  const lib = join(folder, 'torch', 'lib');
  const packages = join(folder, 'nvidia', 'cu13', 'lib');
  for (const path of [lib, packages]) mkdirSync(path, { recursive: true });
  t.deepEqual(cufftBeside(lib), []);
  writeFileSync(join(packages, 'libcufft.so.12'), '');
  writeFileSync(join(packages, 'libcufftw.so.12'), '');
  t.deepEqual(cufftBeside(lib), [join(packages, 'libcufft.so.12')]);
  writeFileSync(join(lib, 'libcufft.so.12'), '');
  t.deepEqual(cufftBeside(lib), [join(lib, 'libcufft.so.12')]);
});

test('a build for another minor of libtorch may be used with that one', (t) => {
  const folder = temporaryFolder(t);
  t.false(isBuiltFor('2.12.1', [folder]));
  writeFileSync(join(folder, 'libtorch-version'), '2.12.0\n');
  t.true(isBuiltFor('2.12.1', [folder]));
  t.false(isBuiltFor('2.1.0', [folder]));
});

/** Registers of a multiprocessor of sm_80 and sm_90, and the static shared memory that a block of theirs may have. */
const REGISTERS = 65_536;
const SHARED_BYTES = 48 * 1024;
/** The largest block (native/ops/cuda), and the blocks of it that should run at once so that loads are hidden. */
const THREADS = 256;
const BLOCKS = 4;

withNvcc('the CUDA kernels compile, for sm_80, sm_90 and PTX, and fit there', (t) => {
  const object = join(temporaryFolder(t), 'kernels.o');
  const targets = ['80,code=sm_80', '90,code=[compute_90,sm_90]'].map((each) => `arch=compute_${each}`);
  const flags = ['-std=c++20', '-O3', '-Inative', '--expt-relaxed-constexpr', '-Werror', 'all-warnings'];
  const args = [...flags, '--resource-usage', ...targets.flatMap((target) => ['-gencode', target]), '-c'];
  const run = spawnSync(nvcc, [...args, 'test/native/cuda_kernels.cu', '-o', object], { encoding: 'utf8' });
  t.is(run.status, 0, run.stderr);
  const text = readFileSync(object, 'latin1');
  for (const target of ['sm_80', 'sm_90', 'compute_90']) t.true(text.includes(target), target);

  const kernels = `${run.stdout}${run.stderr}`.split('Compiling entry function ').slice(1);
  t.true(kernels.length >= 60, `${kernels.length} kernels for two architectures`);
  for (const kernel of kernels) {
    const name = kernel.slice(0, kernel.indexOf('\n'));
    const number = (pattern) => Number(pattern.exec(kernel)?.[1] ?? 0);
    t.is(number(/(\d+) bytes spill stores/), 0, `${name} spills registers`);
    const registers = number(/Used (\d+) registers/);
    t.true(registers > 0 && registers * THREADS * BLOCKS <= REGISTERS, `${name}: ${registers} registers`);
    const shared = number(/(\d+) bytes smem/);
    t.true(shared * BLOCKS <= SHARED_BYTES, `${name}: ${shared} bytes of shared memory`);
  }
});

const smoke = (...args) =>
  spawnSync('bash', ['scripts/gpu-smoke.sh', ...args], { encoding: 'utf8', cwd: root });

test('the check on a GPU lists its steps, the most telling first, within the time it is given', (t) => {
  const { stdout, status } = smoke('--dry-run');
  t.is(status, 0);
  const steps = stdout.split('\n').filter((line) => / \d+ s {2}/.test(line));
  const names = steps.map((line) => line.split(' ')[0]);
  t.deepEqual(names.slice(0, 5), ['build', 'loads', 'operators', 'goldens', 'devices']);
  for (const [script] of stdout.matchAll(/\b(?:scripts|bench|dist|test)\/[\w./-]+\.(?:mjs|js|py)\b/g))
    t.true(existsSync(join(root, script)), script);
  t.regex(stdout, /\n600 of 600 s\n$/);
  const short = smoke('--dry-run', '--minutes', '4', '--built').stdout;
  t.notRegex(short, /^build/m);
  t.regex(short, /^loads .*\n[\s\S]*^tsm-r50-tuned .*left out$/m);
  const total = [...short.matchAll(/ (\d+) s {2}(?!.*left out$)/gm)].reduce(
    (sum, [, s]) => sum + Number(s),
    0,
  );
  t.true(total > 0 && total <= 240);
  t.regex(short, new RegExp(`\n${total} of 240 s`));
});

test('the check on a GPU says what it lacks', (t) => {
  for (const [args, reason] of [
    [[], /--torch DIR is needed/],
    [['--torch', temporaryFolder(t)], /no libtorch_cuda\.so/],
    [['--minutes', 'ten'], /--minutes is ten; expected a whole number/],
    [['--torch'], /--torch needs a value/],
    [['--fast'], /unknown option --fast/],
  ]) {
    const { status, stderr } = smoke(...args);
    t.is(status, 2);
    t.regex(stderr, reason);
  }
});
