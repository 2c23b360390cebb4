import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Shared libraries that every libtorch has, in load order. */
export const REQUIRED_LIBRARIES = ['libc10.so', 'libtorch_cpu.so', 'libtorch.so'] as const;

const LOAD_ORDER = ['libc10.so', 'libtorch_cpu.so', 'libc10_cuda.so', 'libtorch_cuda.so', 'libtorch.so'];

/**
 * Absolute paths of the libraries to open, dependencies first. Their other dependencies (OpenMP, cuBLAS, …) are
 * found through their `$ORIGIN` run path.
 */
export function librariesInLoadOrder(libDir: string): string[] {
  return LOAD_ORDER.map((name) => join(libDir, name)).filter((path) => existsSync(path));
}

/** The loader addon of native/loader. */
interface Loader {
  /** Opens shared libraries with local symbols (RTLD_LOCAL); throws the dynamic linker's message. */
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
