// Programs of the system that some tests use, and Debian's packages, which bring them.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { capture } from './run.mjs';

/** Where the first of some programs is on the PATH, or where only root's has it; undefined where there is none. */
export function findProgram(names) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
}

/** Whether packages can be installed without a question: as root, with apt. */
export function mayInstall() {
  return process.getuid?.() === 0 && findProgram(['apt-get']) !== undefined;
}

/** Installs packages; false where that is not possible. */
export async function installPackage(...packages) {
  if (!mayInstall()) return false;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () =>
    capture('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env });
  if ((await install()).code === 0) return true;
  await capture('apt-get', ['update'], { env }); // its lists may be missing or old
  return (await install()).code === 0;
}
