import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/** The folder of this package's package.json. */
export function packageRoot(): string {
  return resolve(__dirname, '..', '..');
}

/** Whether the package is a clone with its sources, which can build itself, rather than an installed package. */
export function isClone(root: string = packageRoot()): boolean {
  return existsSync(join(root, 'native')) && existsSync(join(root, 'scripts', 'setup.mjs'));
}

/**
 * The user's cache: `FEP_CACHE`, else `$XDG_CACHE_HOME/fep-native`, else `%LOCALAPPDATA%\\fep-native` on Windows and
 * `~/.cache/fep-native` elsewhere.
 *
 * It contains `libtorch/<version>-<variant>` and the stamps of probed binaries.
 */
export function userCacheDir(env: Env = process.env): string {
  if (env.FEP_CACHE) return resolve(env.FEP_CACHE);
  const usual = process.platform === 'win32' && env.LOCALAPPDATA;
  return join(env.XDG_CACHE_HOME || usual || join(env.HOME || homedir(), '.cache'), 'fep-native');
}

/**
 * The project's own cache, for keeping everything beside the code: `.cache/fep-native` in a clone,
 * `node_modules/.cache/fep-native` if the package is a dependency.
 */
export function projectCacheDir(root: string = packageRoot()): string {
  const parent = dirname(root);
  const modules = basename(parent).startsWith('@') ? dirname(parent) : parent;
  if (basename(modules) === 'node_modules') return join(modules, '.cache', 'fep-native');
  return join(root, '.cache', 'fep-native');
}
