/** What a library is for: an operating system and a processor, as Node names them. */
export interface Machine {
  platform: NodeJS.Platform;
  arch: NodeJS.Architecture;
}

/** The machine that this runs on. */
export const THIS_MACHINE: Machine = { platform: process.platform, arch: process.arch };

/** The file of a shared library: `libtorch.so` on Linux, `libtorch.dylib` on macOS, `torch.dll` on Windows. */
export function libraryFile(name: string, { platform }: Pick<Machine, 'platform'> = THIS_MACHINE): string {
  if (platform === 'win32') return `${name}.dll`;
  return `lib${name}${platform === 'darwin' ? '.dylib' : '.so'}`;
}
