import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FepError } from '../errors/fepError';
import {
  CUDA_PACKAGE,
  type CudaPackage,
  cudaOperatorsAdvice,
  findCudaPackage,
} from '../libtorch/cudaPackage';
import { librariesInLoadOrder, openLibraries } from '../libtorch/libraries';
import type { LoadOptions } from '../libtorch/load';
import { CUDA_OPERATORS, findNativeFiles } from '../libtorch/nativeFiles';
import { probe } from '../libtorch/probe';
import { packageVersion } from '../package/version';
import { loadAddon, loadedLibtorch } from './addon';

/** What determines whether a CUDA device can be used. */
export interface CudaFacts {
  /** libtorch's variant: `cpu`, `cu130`, … */
  variant: string;
  /** Devices that libtorch sees; 0 without a driver. */
  devices: number;
  /** Whether the CUDA operators are there. */
  operators: boolean;
  /** Of the package that brings them; absent where they were built here. */
  packageVersion?: string;
}

/** Why a device cannot be used, and what to do about it. */
export interface CudaProblem {
  reason: string;
  hint: string;
}

/** @param device `cuda` or `cuda:<index>` */
export function cudaProblem(facts: CudaFacts, device: string): CudaProblem | undefined {
  if (!/^cu/.test(facts.variant)) {
    const hint =
      'Use --device cpu, or install a libtorch with CUDA: `npx fep-native libtorch install --variant cu130`.';
    return { reason: `libtorch is a build for the CPU only (${facts.variant})`, hint };
  }
  if (facts.devices === 0) {
    const hint = 'Use --device cpu, or check the NVIDIA driver (`nvidia-smi`) and CUDA_VISIBLE_DEVICES.';
    return { reason: 'libtorch sees no CUDA device: there is no GPU, or its driver does not work', hint };
  }
  const index = Number(device.split(':')[1] ?? 0);
  if (index >= facts.devices) {
    const names = Array.from({ length: facts.devices }, (_, i) => `cuda:${i}`).join(', ');
    return { reason: 'there is no such device', hint: `Available: ${names}.` };
  }
  if (!facts.operators)
    return {
      reason: `the CUDA operators (${CUDA_OPERATORS}) are not there`,
      hint: `Use --device cpu, or ${cudaOperatorsAdvice()}.`,
    };
  return packageProblem(facts);
}

/** Operators of another version may take other arguments, which would end the process. */
function packageProblem({ packageVersion: version }: CudaFacts): CudaProblem | undefined {
  const own = packageVersion();
  if (version === undefined || version === own) return undefined;
  return {
    reason: `${CUDA_PACKAGE} is of version ${version}, and fep-native of ${own}`,
    hint: `Install the same one: \`npm install ${CUDA_PACKAGE}@${own}\`.`,
  };
}

/** The facts for this machine. Loads the addon. */
export function cudaFacts(options: LoadOptions = {}): CudaFacts {
  const { cudaDevices } = loadAddon(options).info();
  const { operators, version } = findCudaOperators(options);
  return {
    variant: loadedLibtorch()?.variant ?? 'cpu',
    devices: cudaDevices,
    operators: operators !== undefined,
    ...(version !== undefined && { packageVersion: version }),
  };
}

/** The library that was built here, else the package's. */
function findCudaOperators({ nativeFolders }: LoadOptions): Partial<CudaPackage> {
  const { cudaOperators } = findNativeFiles(nativeFolders);
  return cudaOperators === undefined ? (findCudaPackage() ?? {}) : { operators: cudaOperators };
}

/**
 * Makes a CUDA device usable: opens the CUDA operators, after probing them in a child process. Repeated calls cost
 * nothing.
 *
 * @param device `cuda` or `cuda:<index>`
 * @throws FepError FEP_CUDA_UNAVAILABLE with the reason, or what `loadAddon` throws
 */
export function requireCuda(device: string, options: LoadOptions = {}): void {
  const problem = cudaProblem(cudaFacts(options), device);
  if (problem) throw unavailable(device, problem);
  const { loader } = findNativeFiles(options.nativeFolders);
  const { operators } = findCudaOperators(options);
  const libDir = loadedLibtorch()?.libDir;
  if (operators === undefined || libDir === undefined) return;
  const libraries = [...librariesInLoadOrder(libDir), ...cufftBeside(libDir), operators];
  const failure = probe({ loader, libraries }, options);
  if (failure !== undefined) {
    const hint = `Use --device cpu; for this libtorch, ${cudaOperatorsAdvice()}.`;
    throw unavailable(device, { reason: `the CUDA operators cannot be loaded: ${failure}`, hint });
  }
  openLibraries(loader, libraries);
}

function unavailable(device: string, { reason, hint }: CudaProblem): FepError {
  return new FepError('FEP_CUDA_UNAVAILABLE', `${device} cannot be used: ${reason}.`, { hint });
}

/**
 * The cuFFT that comes with a libtorch: in its own folder, or in a sibling package of a Python torch. Otherwise the
 * dynamic linker finds it, as it does for libtorch.
 */
export function cufftBeside(libDir: string): string[] {
  const packages = join(libDir, '..', '..', 'nvidia');
  const folders = [libDir, join(packages, 'cu13', 'lib'), join(packages, 'cufft', 'lib')];
  for (const folder of folders.filter((path) => existsSync(path))) {
    const name = readdirSync(folder).find((file) => /^libcufft\.so\.\d+$/.test(file));
    if (name !== undefined) return [join(folder, name)];
  }
  return [];
}
