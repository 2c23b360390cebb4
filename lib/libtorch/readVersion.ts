import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { libraryFile, type Machine } from './machine';

export interface VersionAndVariant {
  /** Without suffix: `2.13.0`. */
  version: string;
  /** `cpu`, `cu130`, …; `cuda` or `rocm` if the build does not specify. */
  variant: string;
}

const VERSION_FILES: readonly (readonly [string, RegExp])[] = [
  ['build-version', /^\s*(\d+\.\d+\.\d+\S*)/],
  ['version.py', /^__version__\s*=\s*['"](\d+\.\d+\.\d+[^'"]*)['"]/m],
  ['include/torch/headeronly/version.h', /#define\s+TORCH_VERSION\s+\\?\s*"(\d+\.\d+\.\d+[^"]*)"/],
  [
    'include/torch/csrc/api/include/torch/version.h',
    /#define\s+TORCH_VERSION\s+\\?\s*"(\d+\.\d+\.\d+[^"]*)"/,
  ],
];

/**
 * The version of the libtorch in a folder: from `build-version` (official archives), `version.py` (Python packages)
 * or a header. Undefined if none of them gives it.
 */
export function readLibtorchVersion(root: string, machine?: Machine): VersionAndVariant | undefined {
  for (const [file, pattern] of VERSION_FILES) {
    const match = pattern.exec(readOrEmpty(join(root, file)));
    if (match?.[1]) return splitVersion(match[1], root, machine);
  }
  return undefined;
}

/** `2.13.0+cpu` → version and variant; without a suffix, the variant is derived from the libraries in `root`. */
export function splitVersion(text: string, root?: string, machine?: Machine): VersionAndVariant {
  const version = /^\d+\.\d+\.\d+/.exec(text)?.[0] ?? text;
  const suffix = /\+(cpu|cu\d+|rocm)/.exec(text)?.[1];
  return { version, variant: suffix ?? variantOfLibraries(root, machine) };
}

function variantOfLibraries(root: string | undefined, machine: Machine | undefined): string {
  const has = (name: string) =>
    root !== undefined && existsSync(join(root, 'lib', libraryFile(name, machine)));
  if (has('torch_cuda')) return 'cuda';
  return has('torch_hip') ? 'rocm' : 'cpu';
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
