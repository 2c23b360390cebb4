import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { libraryFile, type Machine } from './machine';

/** Shared libraries that every libtorch has, in load order. */
const REQUIRED = ['c10', 'torch_cpu', 'torch'] as const;

const LOAD_ORDER = ['c10', 'torch_cpu', 'c10_cuda', 'torch_cuda', 'torch'] as const;

/** The files of the libraries that every libtorch has, in load order. */
export function requiredLibraries(machine?: Machine): string[] {
  return REQUIRED.map((name) => libraryFile(name, machine));
}

/**
 * Absolute paths of the libraries to open, dependencies first. Their other dependencies (OpenMP, cuBLAS, …) are found
 * beside them: by their run path on Linux and macOS, by the loader's search in a library's own folder on Windows.
 */
export function librariesInLoadOrder(libDir: string, machine?: Machine): string[] {
  return LOAD_ORDER.map((name) => join(libDir, libraryFile(name, machine))).filter((path) =>
    existsSync(path),
  );
}

/** The loader addon of native/loader. */
interface Loader {
  /** Opens shared libraries; throws the dynamic linker's message. */
  open(paths: readonly string[]): void;
}

/**
 * How many times libtorch's OpenMP threads poll for work before they sleep. By default they spin for milliseconds:
 * on a busy machine, waiting threads then take the cores from the threads that they wait for, and an iteration
 * takes four times as long.
 */
const SPIN_COUNT = '1000';

/** Opens shared libraries for the life of the process; `libraries` lists dependencies first. */
export function openLibraries(loader: string, libraries: readonly string[]): void {
  // Read once, when the OpenMP runtime is loaded with libtorch.
  if (!process.env.OMP_WAIT_POLICY) process.env.GOMP_SPINCOUNT ??= SPIN_COUNT;
  (require(loader) as Loader).open(libraries);
}
