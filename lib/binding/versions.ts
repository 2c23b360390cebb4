import { packageVersion } from '../package/version';
import { loadedLibtorch } from './addon';

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
