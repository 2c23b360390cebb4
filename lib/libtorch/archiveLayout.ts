import type yauzl from 'yauzl';
import { FepError } from '../errors/fepError';
import { type Archive, damaged } from './archive';
import { splitVersion, type VersionAndVariant } from './readVersion';
import { isSupportedVersion, LIBTORCH_MINOR, type LibtorchVariant } from './version';

/** What to extract from an archive: entries with their paths below libtorch's root. */
export interface ArchiveLayout extends VersionAndVariant {
  files: { entry: yauzl.Entry; path: string }[];
  bytes: number;
}

const WANTED = /^(lib\/|include\/|share\/cmake\/|build-version$|build-hash$|version\.py$)/;

/** Libraries and sources for Python or for libtorch's own tests. */
const UNWANTED =
  /^lib\/(lib)?(torch_python|shm|torch_global_deps|torchbind_test|jitbackend_test|backend_with_compiler|aoti_custom_ops)/;

const VERSION_ENTRY = /^(libtorch\/build-version|torch\/version\.py)$/;

/**
 * Selects what to extract from an official archive (`libtorch/…`) or a Python wheel (`torch/…`), after checking
 * that it is a libtorch of the wanted version and variant.
 */
export async function readArchiveLayout(archive: Archive, variant: LibtorchVariant): Promise<ArchiveLayout> {
  const marker = archive.entries.find(({ fileName }) => VERSION_ENTRY.test(fileName));
  if (!marker) {
    throw new FepError('FEP_DOWNLOAD', `${archive.path} holds neither a libtorch nor a torch wheel.`, {
      hint: 'Give the official libtorch-shared-with-deps zip or a torch wheel.',
    });
  }
  const text = await archive.text(marker).catch((error) => Promise.reject(damaged(archive.path, error)));
  const isWheel = marker.fileName.startsWith('torch/');
  const about = isWheel ? versionOfWheel(text) : splitVersion(text.trim());
  refuseOther(archive.path, about, variant, isWheel);
  const files = wantedFiles(archive.entries, isWheel ? 'torch/' : 'libtorch/');
  return { ...about, files, bytes: files.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0) };
}

function wantedFiles(entries: readonly yauzl.Entry[], prefix: string): ArchiveLayout['files'] {
  const files: ArchiveLayout['files'] = [];
  for (const entry of entries) {
    if (!entry.fileName.startsWith(prefix) || entry.fileName.endsWith('/')) continue;
    const path = entry.fileName.slice(prefix.length);
    if (WANTED.test(path) && !UNWANTED.test(path)) files.push({ entry, path });
  }
  return files;
}

function versionOfWheel(text: string): VersionAndVariant {
  const about = splitVersion(/__version__\s*=\s*['"]([^'"]+)/.exec(text)?.[1] ?? '');
  const cuda = /^cuda\b[^=]*=\s*['"](\d+)\.(\d+)/m.exec(text);
  return cuda ? { ...about, variant: `cu${cuda[1]}${cuda[2]}` } : about;
}

function refuseOther(
  path: string,
  found: VersionAndVariant,
  wanted: LibtorchVariant,
  isWheel: boolean,
): void {
  if (!isSupportedVersion(found.version)) {
    throw new FepError(
      'FEP_VERSION_MISMATCH',
      `${path} is libtorch ${found.version}, ${LIBTORCH_MINOR}.x is needed.`,
    );
  }
  if (isWheel && found.variant !== 'cpu') {
    throw new FepError(
      'FEP_DOWNLOAD',
      `${path} is a CUDA wheel (${found.variant}): cuDNN and cuBLAS are not in it.`,
      {
        hint:
          wanted === 'cpu'
            ? 'Give a CPU wheel (its name has +cpu), or the official CPU archive, with --from.'
            : 'Give the official CUDA archive with --from, or set FEP_LIBTORCH_PYTHON to a python with that torch.',
      },
    );
  }
  if (found.variant !== wanted) {
    throw new FepError(
      'FEP_VERSION_MISMATCH',
      `${path} is the ${found.variant} variant, ${wanted} was asked for.`,
      {
        hint: `Give an archive of the ${wanted} variant${found.variant === 'cpu' ? ', or --variant cpu' : ''}.`,
      },
    );
  }
}
