import { rmSync } from 'node:fs';

/** Files of this moment: an exit in between removes them. */
const files = new Set<string>();

/** Has a file removed when the process exits before `keepOnExit`. */
export function removeOnExit(path: string): void {
  if (files.size === 0) process.once('exit', removeAll);
  files.add(path);
}

export function keepOnExit(path: string): void {
  files.delete(path);
  if (files.size === 0) process.off('exit', removeAll);
}

function removeAll(): void {
  for (const path of files) rmSync(path, { force: true });
}
