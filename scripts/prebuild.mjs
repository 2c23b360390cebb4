// Puts this machine's native build where an installed package looks for it: prebuilds/<platform>-<arch>/. What needs
// libtorch to compile is compiled here; what a user downloads has no libtorch in it and needs no compiler. Where
// libtorch has CUDA, the build makes the CUDA operators' library as well, and it is taken along.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { nativeOutputs } from './build-native.mjs';
import { Failure, isMain, main, root, say } from './run.mjs';

const built = join(root, 'build', 'Release');

/** Names addons by the version of Node-API they are for, as prebuildify does with its tags. */
const NODE_API = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).binary.napi_versions[0];

/** @returns the files made */
export function prebuild() {
  const folder = join(root, 'prebuilds', `${process.platform}-${process.arch}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const operators = readdirSync(built).filter((name) => /^libfep_.*\.so$/.test(name));
  const files = [...new Set([...nativeOutputs.map((path) => basename(path)), ...operators])];
  return files.map((name) => {
    refuseMachinePaths(name);
    const target = join(folder, name.replace(/\.node$/, `.napi${NODE_API}.node`));
    copyFileSync(join(built, name), target);
    return target;
  });
}

/** What is published names no folder of the machine that compiled it. */
function refuseMachinePaths(name) {
  const text = readFileSync(join(built, name), 'latin1');
  const found = [root, process.env.HOME ?? root].find(
    (folder) => folder.length > 1 && text.includes(`${folder}/`),
  );
  if (found)
    throw new Failure(`${name} has the path ${found} in it: build it anew with npm run build:native`);
}

if (isMain(import.meta.url)) {
  main(async () => {
    for (const path of prebuild()) say(path);
  });
}
