// CUDA: what stands in the way of a device is named with what to do, and the kernels compile where there is an nvcc.
// Nothing here needs a GPU.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { loadModel } from '../dist/index.mjs';
import { isBuiltFor } from '../dist/libtorch/builtFor.js';
import { cudaFacts, cudaProblem, cufftBeside } from '../dist/libtorch/cuda.js';
import { findNativeFiles } from '../dist/libtorch/nativeFiles.js';
import { findNvcc } from '../scripts/cuda-check.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';

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
  ];
  for (const [facts, device, reason, hint] of problems) {
    const problem = cudaProblem(facts, device);
    t.regex(problem.reason, reason);
    t.regex(problem.hint, hint);
  }
});

test('a CUDA device that is not there is refused, and auto takes the CPU', async (t) => {
  const facts = cudaFacts();
  if (cudaProblem(facts, 'cuda') === undefined) return t.pass('this machine has one');
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

test('the CUDA kernels compile, for sm_80, sm_90 and PTX', (t) => {
  const nvcc = findNvcc();
  if (nvcc === undefined) {
    t.log('left out: there is no nvcc here');
    return t.pass();
  }
  const object = join(temporaryFolder(t), 'kernels.o');
  const targets = ['80,code=sm_80', '90,code=[compute_90,sm_90]'].map((each) => `arch=compute_${each}`);
  const flags = ['-std=c++20', '-O3', '--expt-relaxed-constexpr', '-Werror', 'all-warnings'];
  const args = [...flags, ...targets.flatMap((target) => ['-gencode', target]), '-c'];
  const run = spawnSync(nvcc, [...args, 'test/native/cuda_kernels.cu', '-o', object], { encoding: 'utf8' });
  t.is(run.status, 0, run.stderr);
  const text = readFileSync(object, 'latin1');
  for (const target of ['sm_80', 'sm_90', 'compute_90']) t.true(text.includes(target), target);
});
