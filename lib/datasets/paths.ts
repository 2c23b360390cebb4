import { createHash } from 'node:crypto';
import { isAbsolute, join, normalize, sep } from 'node:path';

/** A path inside the data set's folder; undefined if it is absolute or leads out of the folder. */
export function resolveInside(root: string, path: string): string | undefined {
  const clean = normalize(path);
  const leaves = isAbsolute(path) || clean === '..' || clean.startsWith(`..${sep}`) || path.includes('\0');
  return leaves ? undefined : join(root, clean);
}

/**
 * Derives a sample id from its path: `/` becomes `-`. If other characters had to be replaced, part of the path's
 * hash keeps ids unique.
 */
export function idOfPath(path: string): string {
  const flat = path.replace(/^\.\//, '').replaceAll('/', '-');
  const plain = flat.replace(/[^A-Za-z0-9._-]/g, '_');
  if (plain === flat) return plain;
  return `${plain}-${createHash('sha256').update(path).digest('hex').slice(0, 8)}`;
}
