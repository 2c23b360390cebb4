import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Shared libraries without which a folder is no libtorch, in the order in which they are opened. */
export const REQUIRED_LIBRARIES = ['libc10.so', 'libtorch_cpu.so', 'libtorch.so'] as const;

const LOAD_ORDER = ['libc10.so', 'libtorch_cpu.so', 'libc10_cuda.so', 'libtorch_cuda.so', 'libtorch.so'];

/**
 * Absolute paths of the libraries to open, each after those it depends on. What they need beside these
 * (OpenMP, cuBLAS, …) they find through their own `$ORIGIN` run path.
 */
export function librariesInLoadOrder(libDir: string): string[] {
  return LOAD_ORDER.map((name) => join(libDir, name)).filter((path) => existsSync(path));
}
