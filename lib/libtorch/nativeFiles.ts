import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FepError } from '../errors/fepError';
import { isClone, packageRoot } from '../package/cache';
import { libraryFile } from './machine';

/** The files that a native build produces. */
export interface NativeFiles {
  /** The addon, linked against libtorch. */
  addon: string;
  /** The small addon that opens libtorch. */
  loader: string;
  /** The operator libraries, which the addon loads itself. */
  operators: string[];
  /** The CUDA kernels, opened when a CUDA device is requested; absent if not built beside the others. */
  cudaOperators?: string;
}

/** The file of the CUDA kernels, in a build and in the package that brings them. */
export const CUDA_OPERATORS = libraryFile('fep_ops_cuda');

/** The operators' libraries, on any operating system. */
const OPERATORS = /^(?:lib)?fep_.*\.(?:so|dylib|dll)$/;

/**
 * The Node-API version that the addon is built for, supported by Node 20 and later. It appears in the file names
 * that scripts/prebuild.mjs writes.
 */
const NODE_API = 8;

/** Folders to search for the addon, best first: the local build, then the prebuilt one. */
export function nativeFolders(root: string = packageRoot()): string[] {
  const platform = `${process.platform}-${process.arch}`;
  return [join(root, 'build', 'Release'), join(root, 'prebuilds', platform)];
}

/**
 * Locates the addon and its loader.
 *
 * @throws FepError FEP_ADDON_LOAD if no folder has both
 */
export function findNativeFiles(folders: readonly string[] = nativeFolders()): NativeFiles {
  for (const folder of folders) {
    const [addon, loader] = [addonFile(folder, 'fep'), addonFile(folder, 'fep_loader')];
    if (addon === undefined || loader === undefined) continue;
    const names = readdirSync(folder).filter((name) => OPERATORS.test(name));
    const operators = names.filter((name) => name !== CUDA_OPERATORS).sort();
    return {
      addon,
      loader,
      operators: operators.map((name) => join(folder, name)),
      ...(names.includes(CUDA_OPERATORS) && { cudaOperators: join(folder, CUDA_OPERATORS) }),
    };
  }
  const places = folders.map((folder) => `  - ${folder}: no fep.node with fep_loader.node`);
  throw new FepError('FEP_ADDON_LOAD', ['The native addon is not built. Tried:', ...places].join('\n'), {
    hint: `Possible solutions: ${buildAdvice()}`,
  });
}

/** The file as a local build or as the package names it. */
function addonFile(folder: string, name: string): string | undefined {
  const files = [`${name}.node`, `${name}.napi${NODE_API}.node`].map((file) => join(folder, file));
  return files.find((file) => existsSync(file));
}

/** How to get an addon for this machine. */
export function buildAdvice(): string {
  if (isClone())
    return 'run: npm run build:native (or npm run setup, which also fetches what the build needs)';
  const platform = `${process.platform}-${process.arch}`;
  return `reinstall fep-native; if it has no prebuilt addon for ${platform}, clone its repository and run npm run setup`;
}

/**
 * Whether the local build matches the minor version of this libtorch: scripts/build-native.mjs writes the version
 * to a file beside its output. The prebuilt addon has no such file and is built for `LIBTORCH_MINOR`.
 */
export function isBuiltFor(version: string, folders: readonly string[] = nativeFolders()): boolean {
  const versionFiles = folders
    .map((folder) => join(folder, 'libtorch-version'))
    .filter((file) => existsSync(file));
  return versionFiles.some((file) => minorOf(readFileSync(file, 'utf8')) === minorOf(version));
}

function minorOf(version: string): string | undefined {
  return /^\d+\.\d+/.exec(version.trim())?.[0];
}
