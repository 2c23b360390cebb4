/** The version that `libtorch install` downloads. */
export const LIBTORCH_VERSION = '2.13.0';

/** The only minor version that this package supports: the C++ interface changes between minors. */
export const LIBTORCH_MINOR = '2.13';

/** The builds that `libtorch install` offers. */
export const LIBTORCH_VARIANTS = ['cpu', 'cu130'] as const;

export type LibtorchVariant = (typeof LIBTORCH_VARIANTS)[number];

/** Whether this version can be used: the minor must match, the patch may differ. */
export function isSupportedVersion(version: string): boolean {
  return version.startsWith(`${LIBTORCH_MINOR}.`);
}
