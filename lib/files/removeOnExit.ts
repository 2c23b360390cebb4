import { rmSync } from 'node:fs';

/** Files to remove on exit. */
const files = new Set<string>();

/** Removes a file when the process exits, unless `keepOnExit` is called before. */
export function removeOnExit(path: string): void {
  if (files.size === 0) process.once('exit', removeAll);
  files.add(path);
}

export function keepOnExit(path: string): void {
  files.delete(path);
  if (files.size === 0) process.off('exit', removeAll);
}

function removeAll(): void {
  for (const path of files) removeQuietly(path);
}

/** A disk that has become read-only must not make a crash of an exit. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It stays; who finds it sees that its process is dead.
  }
}
