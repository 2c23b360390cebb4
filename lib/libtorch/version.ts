/** The libtorch that `libtorch install` fetches. */
export const LIBTORCH_VERSION = '2.13.0';

/** The only libtorch minor this package works with: its C++ interface changes from one minor to the next. */
export const LIBTORCH_MINOR = '2.13';

/** The builds of libtorch that `libtorch install` offers. */
export const LIBTORCH_VARIANTS = ['cpu', 'cu130'] as const;

export type LibtorchVariant = (typeof LIBTORCH_VARIANTS)[number];

/** Whether a libtorch of this version can be used: the minor must match, the patch is free. */
export function isSupportedVersion(version: string): boolean {
  return version.startsWith(`${LIBTORCH_MINOR}.`);
}
