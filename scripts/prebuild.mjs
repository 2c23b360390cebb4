// Copies this machine's native build to where an installed package looks for it: prebuilds/<platform>-<arch>/. So users
// need neither a compiler nor libtorch's headers; the package does not contain libtorch. Includes the library of the CUDA
// operators if the build has made it.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
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
  const operators = readdirSync(from).filter((name) => /^libfep_.*\.so$/.test(name));
  const files = [...new Set([...nativeOutputs.map((path) => basename(path)), ...operators])];
  return files.map((name) => {
    refuseMachinePaths(join(from, name));
    const target = join(into, name.replace(/\.node$/, `.napi${NODE_API}.node`));
    copyFileSync(join(from, name), target);
    return target;
  });
}

/** Refuses a file that contains a path of this machine: it will be published. */
function refuseMachinePaths(file) {
  const text = readFileSync(file, 'latin1');
  const found = [root, process.env.HOME ?? root].find(
    (folder) => folder.length > 1 && text.includes(`${folder}/`),
  );
  if (found)
    throw new Failure(`${basename(file)} has the path ${found} in it: rebuild it with npm run build:native`);
}

if (isMain(import.meta.url)) {
  main(async () => {
    for (const path of prebuild()) say(path);
  });
}
