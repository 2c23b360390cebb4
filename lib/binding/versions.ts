import { packageVersion } from '../package/version';
import { loadedLibtorch } from './addon';

/** The software versions that a result was computed with. */
export function versions(): Record<string, string> {
  const libtorch = loadedLibtorch();
  return {
    'fep-native': packageVersion(),
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    ...(libtorch && { libtorch: `${libtorch.version}+${libtorch.variant}` }),
  };
}
