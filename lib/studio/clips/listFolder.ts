import { readdir } from 'node:fs/promises';
import { extname, join, relative } from 'node:path';

/** Deeper folders and further files are not listed: a page cannot show them all. */
const DEEPEST = 4;
const MOST = 2000;

/** The files of a folder and its subfolders with one of these extensions, as paths in it, sorted. */
export async function listFolder(folder: string, extensions: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const visit = async (inner: string, depth: number): Promise<void> => {
    const entries = await readdir(inner, { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (found.length >= MOST || entry.name.startsWith('.')) continue;
      const path = join(inner, entry.name);
      if (entry.isDirectory() && depth < DEEPEST) await visit(path, depth + 1);
      else if (entry.isFile() && extensions.includes(extname(entry.name).toLowerCase()))
        found.push(relative(folder, path));
    }
  };
  await visit(folder, 0);
  return found;
}
