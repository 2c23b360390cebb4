import { FepError } from '../errors/fepError';
import type { SearchOptions } from './candidates';
import type { Libtorch } from './inspect';
import { librariesInLoadOrder, openLibraries } from './libraries';
import { installCommand, type LocatedLibtorch, locateLibtorch } from './locate';
import { findNativeFiles } from './nativeFiles';
import { type ProbeOptions, probe } from './probe';

export interface LoadOptions extends SearchOptions, ProbeOptions {
  env?: NodeJS.ProcessEnv;
  /** Folders to search for the native files. Default: `nativeFolders()`. */
  nativeFolders?: readonly string[];
}

/**
 * Opens libtorch in this process so that the addon finds it. Repeated calls, also in worker threads, cost nothing.
 *
 * @throws FepError FEP_LIBTORCH_NOT_FOUND, FEP_VERSION_MISMATCH or FEP_ADDON_LOAD
 */
export function loadLibtorch(options: LoadOptions = {}): LocatedLibtorch {
  const libtorch = locateLibtorch(options);
  const { loader } = findNativeFiles(options.nativeFolders);
  probeLibtorch(libtorch, { ...options, loader });
  openLibraries(loader, librariesInLoadOrder(libtorch.libDir));
  return libtorch;
}

/**
 * Checks in a child process that a libtorch can be loaded.
 *
 * @throws FepError FEP_LIBTORCH_NOT_FOUND with the reason
 */
export function probeLibtorch(libtorch: Libtorch, options: ProbeOptions & { loader?: string } = {}): void {
  const loader = options.loader ?? findNativeFiles().loader;
  const problem = probe({ loader, libraries: librariesInLoadOrder(libtorch.libDir) }, options);
  if (problem === undefined) return;
  throw new FepError(
    'FEP_LIBTORCH_NOT_FOUND',
    `The libtorch in ${libtorch.root} cannot be loaded: ${problem}.`,
    {
      hint: `Remove that folder and run: ${installCommand()}`,
    },
  );
}
