// npm run build:cuda-check: checks that the CUDA operators compile and link, without a GPU and with a CPU build of libtorch.
// The result is never loaded. Needs nvcc; downloads cuFFT if the toolkit does not include it.
import { existsSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { requireBuildable } from './build-native.mjs';
import { findPip } from './python-env.mjs';
import { Failure, isMain, main, root, run, runVisibly, say } from './run.mjs';

const folder = join(root, 'build', 'cuda-check');
const CUFFT = '12.0.0.61';

/** The full path of the CUDA toolkit's compiler; undefined if there is none. */
export function findNvcc(env = process.env) {
  const homes = [env.CUDA_HOME, env.CUDA_PATH, '/usr/local/cuda'].filter(Boolean);
  const folders = [...(env.PATH ?? '').split(':'), ...homes.map((home) => join(home, 'bin'))];
  const found = folders.map((folder) => resolve(folder, 'nvcc')).find((file) => existsSync(file));
  return found && realpathSync(found);
}

/** Compiles the CUDA operators against a libtorch; the sources of an earlier check are not compiled again. */
export async function checkCuda({ libtorch, nvcc }) {
  const options = ['-DFEP_CUDA=CHECK', '-DCMAKE_BUILD_TYPE=Release', `-DFEP_NVCC=${nvcc}`];
  options.push(`-DTorch_DIR=${requireBuildable(libtorch)}`, ...(await findCufft(nvcc)));
  await run('cmake', ['-S', root, '-B', folder, ...options]);
  const build = ['--build', folder, '--target', 'fep_ops_cuda', '--parallel', '1'];
  if ((await runVisibly('cmake', build)) !== 0) throw new Failure('the CUDA operators do not compile');
  return join(folder, 'Release', 'libfep_ops_cuda.so');
}

/** CMake's options to find cuFFT; none if the toolkit includes it. */
async function findCufft(nvcc) {
  if (existsSync(join(nvcc, '..', '..', 'include', 'cufft.h'))) return [];
  const packages = join(folder, 'python');
  const cufft = join(packages, 'nvidia', 'cu13');
  if (!existsSync(join(cufft, 'include', 'cufft.h'))) {
    say(`Downloading cuFFT ${CUFFT}, which this CUDA toolkit does not include …`);
    const pip = await findPip();
    await run(...pip(['install', '--quiet', '--no-deps', '--target', packages, `nvidia-cufft==${CUFFT}`]));
  }
  return [
    `-DFEP_CUFFT_INCLUDE=${join(cufft, 'include')}`,
    `-DFEP_CUFFT_LIBRARY=${join(cufft, 'lib', 'libcufft.so.12')}`,
  ];
}

if (isMain(import.meta.url)) {
  main(async () => {
    const nvcc = findNvcc();
    if (nvcc === undefined) throw new Failure('the CUDA check needs nvcc, on the PATH or under CUDA_HOME');
    const { locateLibtorch } = await import('../dist/libtorch/locate.js');
    say(`compiled and linked: ${await checkCuda({ libtorch: locateLibtorch().root, nvcc })}`);
  });
}
