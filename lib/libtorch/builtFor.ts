import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nativeFolders } from './nativeFiles';

/**
 * Whether this clone's own build is for the minor of this version of libtorch: scripts/build-native.mjs leaves a note
 * beside what it made. The package's own build, which has none, is for `LIBTORCH_MINOR`.
 */
export function isBuiltFor(version: string, folders: readonly string[] = nativeFolders()): boolean {
  const notes = folders.map((folder) => join(folder, 'libtorch-version')).filter((file) => existsSync(file));
  return notes.some((file) => minorOf(readFileSync(file, 'utf8')) === minorOf(version));
}

function minorOf(version: string): string | undefined {
  return /^\d+\.\d+/.exec(version.trim())?.[0];
}
