// libtorch for linux-arm64, out of torch's wheel for Python.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { CPU_TORCH, findPip, TORCH, venvPython } from '../python-env.mjs';
import { capture, Failure, run, say } from '../run.mjs';

const PLATFORMS = ['manylinux_2_28_aarch64', 'manylinux_2_25_aarch64', 'manylinux2014_aarch64'];
const BUILD = `${TORCH}+cpu\n`;
const FOR_ARM64 = [
  ...['--quiet', '--no-input', '--no-deps', '--only-binary=:all:', '--python-version=311'],
  ...PLATFORMS.map((name) => `--platform=${name}`),
];
const CUDA_RUNTIME = ['nvidia-cuda-runtime', 'nvidia-cuda-cupti'];
const CUDA_LIBRARIES = ['libcudart.so.13', 'libcupti.so.13'];

/** Puts libtorch into a folder, unless it is there. @returns its root */
export async function bringLibtorchArm64(folder) {
  const libtorch = join(folder, 'libtorch');
  if (isThere(libtorch)) return libtorch;
  say(`Downloading torch ${TORCH} for linux-arm64 …`);
  const staging = join(folder, 'wheels');
  rmSync(staging, { recursive: true, force: true });
  rmSync(libtorch, { recursive: true, force: true });
  mkdirSync(staging, { recursive: true });
  const pip = await findPip();
  const download = (what) => pip(['download', ...FOR_ARM64, '--dest', staging, ...what]);
  const hasCpu = (await capture(...download(CPU_TORCH))).code === 0;
  if (!hasCpu) {
    await run(...download([`torch==${TORCH}`]));
    await run(...download(CUDA_RUNTIME.map((name) => `${name}>=13,<14`)));
  }
  for (const wheel of readdirSync(staging))
    await run(venvPython, ['-m', 'zipfile', '-e', join(staging, wheel), staging]);
  renameSync(join(staging, 'torch'), libtorch);
  if (!hasCpu) await leaveOutCuda(libtorch, staging);
  rmSync(staging, { recursive: true });
  writeFileSync(join(libtorch, 'build-version'), BUILD);
  return libtorch;
}

/** Whether a libtorch of this version is complete: the file is written last. */
function isThere(libtorch) {
  const file = join(libtorch, 'build-version');
  return existsSync(file) && readFileSync(file, 'utf8') === BUILD;
}

/**
 * Makes the CUDA build of a package index do without CUDA: its libtorch.so, which only joins the others, is replaced by one
 * that asks for the CPU's part alone. That part itself wants the CUDA runtime to be there, but calls nothing of it.
 */
async function leaveOutCuda(libtorch, staging) {
  const lib = join(libtorch, 'lib');
  for (const name of readdirSync(lib)) if (/cuda|nvrtc|nvshmem|python/.test(name)) rmSync(join(lib, name));
  rmSync(join(lib, 'libtorch.so'));
  const source = join(staging, 'empty.c');
  writeFileSync(source, '');
  const flags = ['-shared', '-fPIC', '-Wl,-soname,libtorch.so', '-Wl,--no-as-needed,--allow-shlib-undefined'];
  await run('aarch64-linux-gnu-gcc', [
    ...flags,
    ...['-o', join(lib, 'libtorch.so'), source, `-L${lib}`, '-l:libtorch_cpu.so'],
  ]);
  for (const name of CUDA_LIBRARIES) copyFileSync(find(staging, name), join(lib, name));
}

function find(folder, name) {
  const found = readdirSync(folder, { recursive: true }).find((path) => basename(path) === name);
  if (found === undefined) throw new Failure(`the wheels of ${CUDA_RUNTIME.join(' and ')} have no ${name}`);
  return join(folder, found);
}
