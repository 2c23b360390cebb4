import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/** The folder that holds this package's package.json. */
export function packageRoot(): string {
  return resolve(__dirname, '..', '..');
}

/** Whether the package is a clone with its sources (and so can build itself) rather than an installed one. */
export function isClone(root: string = packageRoot()): boolean {
  return existsSync(join(root, 'native')) && existsSync(join(root, 'scripts', 'setup.mjs'));
}

/**
 * The user's cache: `FEP_CACHE`, else `$XDG_CACHE_HOME/fep-native`, else `~/.cache/fep-native`.
 *
 * It holds `libtorch/<version>-<variant>` and the stamps of binaries that were tested.
 */
export function userCacheDir(env: Env = process.env): string {
  if (env.FEP_CACHE) return resolve(env.FEP_CACHE);
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache'), 'fep-native');
}

/**
 * The project's own cache, for those who keep everything beside their code: `.cache/fep-native` in a clone,
 * `node_modules/.cache/fep-native` where the package is a dependency.
 */
export function projectCacheDir(root: string = packageRoot()): string {
  const parent = dirname(root);
  const modules = basename(parent).startsWith('@') ? dirname(parent) : parent;
  if (basename(modules) === 'node_modules') return join(modules, '.cache', 'fep-native');
  return join(root, '.cache', 'fep-native');
}
