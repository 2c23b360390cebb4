import { type Machine, THIS_MACHINE } from './machine';
import { LIBTORCH_VERSION, type LibtorchVariant } from './version';

const OFFICIAL = 'https://download.pytorch.org';

/** A file of PyTorch's server that holds a libtorch: its folder there, and its name. */
interface Official {
  folder: 'libtorch' | 'whl';
  name: string;
}

/**
 * The URL of an official archive, `https://download.pytorch.org/libtorch/cpu/…`; undefined for a machine that has none.
 * `FEP_LIBTORCH_MIRROR` replaces the part before `/cpu/…`: it is a copy of `…/libtorch`, or of `…/whl` for linux-arm64, whose libtorch is
 * a wheel.
 */
export function archiveUrl(
  variant: LibtorchVariant,
  env: NodeJS.ProcessEnv = process.env,
  machine: Machine = THIS_MACHINE,
): string | undefined {
  const official = officialFile(variant, machine);
  if (official === undefined) return undefined;
  const base = (env.FEP_LIBTORCH_MIRROR || `${OFFICIAL}/${official.folder}`).replace(/\/+$/, '');
  return `${base}/${variant}/${encodeURIComponent(official.name)}`;
}

function officialFile(variant: LibtorchVariant, { platform, arch }: Machine): Official | undefined {
  const version = `${LIBTORCH_VERSION}+${variant}`;
  const archive = (name: string): Official => ({ folder: 'libtorch', name });
  switch (`${platform}-${arch}`) {
    case 'linux-x64':
      return archive(`libtorch-shared-with-deps-${version}.zip`);
    case 'win32-x64':
      return archive(`libtorch-win-shared-with-deps-${version}.zip`);
    case 'darwin-arm64':
      return variant === 'cpu' ? archive(`libtorch-macos-arm64-${LIBTORCH_VERSION}.zip`) : undefined;
    case 'linux-arm64': // has no archive of its own; the wheel for Python holds the same libraries
      return variant === 'cpu'
        ? { folder: 'whl', name: `torch-${version}-cp312-cp312-manylinux_2_28_aarch64.whl` }
        : undefined;
    default:
      return undefined;
  }
}
