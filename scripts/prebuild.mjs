// Copies this machine's native build to where an installed package looks for it: prebuilds/<platform>-<arch>/. So users
// need neither a compiler nor libtorch's headers; the package contains neither libtorch nor the CUDA operators, which are a
// package of their own (scripts/pack-cuda.mjs).
import { copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join, sep } from 'node:path';
import { nativeOutputs } from './build-native.mjs';
import { Failure, isMain, main, root, say } from './run.mjs';

const built = join(root, 'build', 'Release');

/** The Node-API version that is part of an addon's file name, as in prebuildify's tags. */
const NODE_API = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).binary.napi_versions[0];

const prebuilt = join(root, 'prebuilds', `${process.platform}-${process.arch}`);

/**
 * @param {{ from?: string, into?: string }} folders of the build and of the package's copy
 * @returns the copied files
 */
export function prebuild({ from = built, into = prebuilt } = {}) {
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true });
  return nativeOutputs.map((path) => {
    const name = basename(path);
    refuseMachinePaths(join(from, name));
    const target = join(into, name.replace(/\.node$/, `.napi${NODE_API}.node`));
    copyFileSync(join(from, name), target);
    return target;
  });
}

/** Refuses a file that contains a path of this machine: it will be published. */
export function refuseMachinePaths(file) {
  const text = readFileSync(file, 'latin1');
  // CMake writes Windows' folders with slashes, others may not.
  const spellings = (folder) => [`${folder}${sep}`, `${folder.replaceAll(sep, '/')}/`];
  const found = [root, process.env.HOME ?? homedir()].find(
    (folder) => folder.length > 1 && spellings(folder).some((path) => text.includes(path)),
  );
  if (found)
    throw new Failure(`${basename(file)} has the path ${found} in it: rebuild it with npm run build:native`);
}

if (isMain(import.meta.url)) {
  main(async () => {
    for (const path of prebuild()) say(path);
  });
}
