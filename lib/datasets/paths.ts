import { createHash } from 'node:crypto';
import { isAbsolute, join, normalize, sep } from 'node:path';

/** `path` inside the data set's folder; undefined when it leads out of it or is absolute. */
export function resolveInside(root: string, path: string): string | undefined {
  const clean = normalize(path);
  const leaves = isAbsolute(path) || clean === '..' || clean.startsWith(`..${sep}`) || path.includes('\0');
  return leaves ? undefined : join(root, clean);
}

/**
 * A sample's id from its path: `/` becomes `-`. Where other signs had to be replaced, some letters of the path's
 * hash keep names apart that would otherwise be alike.
 */
export function idOfPath(path: string): string {
  const flat = path.replace(/^\.\//, '').replaceAll('/', '-');
  const plain = flat.replace(/[^A-Za-z0-9._-]/g, '_');
  if (plain === flat) return plain;
  return `${plain}-${createHash('sha256').update(path).digest('hex').slice(0, 8)}`;
}
