// System programs that some tests use, and the Debian packages that provide them.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { capture } from './run.mjs';

/** The path of the first of these programs that is on the PATH or in /usr/sbin; undefined if there is none. */
export function findProgram(names) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
}

/** Whether packages can be installed without confirmation: as root, with apt. */
export function mayInstall() {
  return process.getuid?.() === 0 && findProgram(['apt-get']) !== undefined;
}

/** Installs packages. @returns whether that worked */
export async function installPackage(...packages) {
  if (!mayInstall()) return false;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () =>
    capture('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env });
  if ((await install()).code === 0) return true;
  await capture('apt-get', ['update'], { env }); // the package lists may be missing or out of date
  return (await install()).code === 0;
}
