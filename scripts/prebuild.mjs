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

const prebuilt = join(root, 'prebuilds', `${process.platform}-${process.arch}`);

/**
 * @param {{ from?: string, into?: string }} folders of the build, and of what a package carries
 * @returns the files made
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

/** What is published names no folder of the machine that compiled it. */
function refuseMachinePaths(file) {
  const text = readFileSync(file, 'latin1');
  const found = [root, process.env.HOME ?? root].find(
    (folder) => folder.length > 1 && text.includes(`${folder}/`),
  );
  if (found)
    throw new Failure(
      `${basename(file)} has the path ${found} in it: build it anew with npm run build:native`,
    );
}

if (isMain(import.meta.url)) {
  main(async () => {
    for (const path of prebuild()) say(path);
  });
}
