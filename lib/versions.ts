import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './cache';
import { loadedLibtorch } from './libtorch/addon';

/** This package's version. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}

/** What a result was made with. */
export function versions(): Record<string, string> {
  const libtorch = loadedLibtorch();
  return {
    'fep-native': packageVersion(),
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    ...(libtorch && { libtorch: `${libtorch.version}+${libtorch.variant}` }),
  };
}
