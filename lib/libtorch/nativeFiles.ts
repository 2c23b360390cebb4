import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FepError } from '../errors/fepError';
import { isClone, packageRoot } from '../package/cache';

/** The files that a native build makes. */
export interface NativeFiles {
  /** The addon proper, linked against libtorch. */
  addon: string;
  /** The small addon that opens libtorch. */
  loader: string;
  /** The operators' libraries, which the addon loads by itself. */
  operators: string[];
  /** The operators' CUDA kernels, opened where a CUDA device is asked for; absent where they are not built. */
  cudaOperators?: string;
}

const CUDA_OPERATORS = 'libfep_ops_cuda.so';

/** The Node-API version that the addon is built for: every Node from 20 on has it. scripts/prebuild.mjs names files by it. */
const NODE_API = 8;

/** Folders where the addon may lie, best first: this machine's own build, then the prebuilt one. */
export function nativeFolders(root: string = packageRoot()): string[] {
  const platform = `${process.platform}-${process.arch}`;
  return [join(root, 'build', 'Release'), join(root, 'prebuilds', platform)];
}

/**
 * Where the addon and its loader are.
 *
 * @throws FepError FEP_ADDON_LOAD if no folder holds both
 */
export function findNativeFiles(folders: readonly string[] = nativeFolders()): NativeFiles {
  for (const folder of folders) {
    const [addon, loader] = [addonFile(folder, 'fep'), addonFile(folder, 'fep_loader')];
    if (addon === undefined || loader === undefined) continue;
    const names = readdirSync(folder).filter((name) => /^libfep_.*\.so$/.test(name));
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

/** As a build calls it, or as the package does. */
function addonFile(folder: string, name: string): string | undefined {
  const files = [`${name}.node`, `${name}.napi${NODE_API}.node`].map((file) => join(folder, file));
  return files.find((file) => existsSync(file));
}

/** How to come by an addon for this machine. */
export function buildAdvice(): string {
  if (isClone())
    return 'run: npm run build:native (or npm run setup, which also fetches what the build needs)';
  const platform = `${process.platform}-${process.arch}`;
  return `reinstall fep-native; if it has no prebuilt addon for ${platform}, clone its repository and run npm run setup`;
}
