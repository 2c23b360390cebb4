import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { packageRoot } from '../package/cache';

/** The models shipped with the package, sorted by file name. */
export function shippedModels(): { name: string; path: string }[] {
  const folder = join(packageRoot(), 'models');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.pt'))
    .sort()
    .map((file) => ({ name: basename(file, '.pt'), path: join(folder, file) }));
}
