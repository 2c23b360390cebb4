// The Node versions with which the package is tested; npm has their binaries as packages.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { digest, isStamped, root, run, say, stamp } from './run.mjs';

const MAJORS = [20, 22, 24];
const folder = join(root, '.cache', 'nodes');
const current = Number(process.versions.node.split('.')[0]);
const others = MAJORS.filter((major) => major !== current);

/** `{ major, path }` of each version, including the running one. */
export const nodeVersions = MAJORS.map((major) => ({
  major,
  path: major === current ? process.execPath : join(folder, 'node_modules', `node-${major}`, 'bin', 'node'),
}));

/** Installs the binaries of the versions other than the running one. */
export async function setUpNodes() {
  const packages = others.map(
    (major) => `node-${major}@npm:node-${process.platform}-${process.arch}@${major}`,
  );
  const input = digest([], packages.join());
  if (isStamped('nodes', input) && nodeVersions.every(({ path }) => existsSync(path))) return;
  say(`Installing Node ${others.join(', ')} for the tests into .cache/nodes …`);
  const quiet = ['--no-audit', '--no-fund', '--no-save', '--no-package-lock', '--loglevel=error'];
  await run('npm', ['install', '--prefix', folder, ...quiet, ...packages]);
  stamp('nodes', input);
}
