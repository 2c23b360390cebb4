import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { Refusal } from '../http/problem';

/**
 * The real path of a file that the page names by its path in a folder. Links out of the folder are refused too.
 *
 * @throws Refusal 403 for a path that leaves the folder, 404 where there is nothing
 */
export async function insideFolder(folder: string, path: string): Promise<string> {
  if (path.includes('\0') || isAbsolute(path) || leaves(relative(folder, resolve(folder, path))))
    throw leaving(path);
  const [root, file] = await Promise.all([realpath(folder), realpath(resolve(folder, path))]).catch(() => {
    throw new Refusal(404, `There is no ${path} in the folder.`, 'Choose one of the list.');
  });
  if (leaves(relative(root, file))) throw leaving(path);
  return file;
}

function leaves(inner: string): boolean {
  return inner === '' || inner === '..' || inner.startsWith(`..${sep}`) || isAbsolute(inner);
}

function leaving(path: string): Refusal {
  return new Refusal(
    403,
    `${JSON.stringify(path.slice(0, 200))} leaves the folder that the studio was given.`,
    'Put the file into that folder, or start the studio with another one.',
  );
}
