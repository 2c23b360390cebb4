/** How well a platform is known. `runs`: the test suite was run, or a part of it under emulation; `unproven`: prepared for, never run. */
export type Support = 'runs' | 'unproven' | 'no';

const SUPPORT: Readonly<Record<string, Support>> = {
  'linux-x64': 'runs',
  'linux-arm64': 'runs',
  'darwin-arm64': 'unproven',
  'win32-x64': 'unproven',
};

/** The platforms with a prebuilt addon, as Node names them. */
export const PLATFORMS: readonly string[] = Object.keys(SUPPORT);

/** How well this package is known to run on a platform, such as `linux-x64`. */
export function supportOf(platform: string): Support {
  return SUPPORT[platform] ?? 'no';
}
