// Packs the CUDA operators as the package @fep-native/cuda-<platform>-<arch>, of this version: they are large, and most
// installations do without.
//
//   node scripts/pack-cuda.mjs [--library build/Release/libfep_ops_cuda.so] [--out .]
//
// The library is built by `npm run build:native -- --cuda on`, against a libtorch with CUDA.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { refuseMachinePaths } from './prebuild.mjs';
import { Failure, isMain, main, root, run, say } from './run.mjs';

/**
 * @param version of the package; by default this clone's, which is the only one that is ever published
 * @returns the tarball
 */
export async function packCuda({ library, out, version = ownVersion() }) {
  const require = createRequire(import.meta.url);
  const { CUDA_PACKAGE } = require('../dist/libtorch/cudaPackage.js');
  const { CUDA_OPERATORS } = require('../dist/libtorch/nativeFiles.js');
  if (!existsSync(library)) throw new Failure(`there is no ${library}: npm run build:native -- --cuda on`);
  const folder = mkdtempSync(join(tmpdir(), 'fep-cuda-'));
  try {
    copyFileSync(library, join(folder, CUDA_OPERATORS));
    refuseMachinePaths(join(folder, CUDA_OPERATORS));
    copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
    writeFileSync(join(folder, 'README.md'), readme(CUDA_PACKAGE));
    writeFileSync(
      join(folder, 'package.json'),
      `${JSON.stringify(manifest(CUDA_PACKAGE, CUDA_OPERATORS, version), null, 2)}\n`,
    );
    mkdirSync(out, { recursive: true });
    await run('npm', ['pack', folder, '--pack-destination', out, '--loglevel=error']);
    return join(out, `${CUDA_PACKAGE.replace('@', '').replace('/', '-')}-${version}.tgz`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function ownPackage() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
}

const ownVersion = () => ownPackage().version;

function manifest(name, operators, version) {
  const { license, engines } = ownPackage();
  return {
    name,
    version,
    description: 'The CUDA operators of fep-native, which finds them when a CUDA device is asked for.',
    license,
    engines,
    os: [process.platform],
    cpu: [process.arch],
    files: [operators],
  };
}

const readme = (name) => `# ${name}

The CUDA operators of the package fep-native. Install both in one version:

    npm install fep-native ${name}
    npx fep-native libtorch install --variant cu130
    npx fep-native explain clip.mp4 --model model.pt --device cuda
`;

if (isMain(import.meta.url)) {
  main(async () => {
    const { values } = parseArgs({ options: { library: { type: 'string' }, out: { type: 'string' } } });
    const library = resolve(values.library ?? join(root, 'build', 'Release', 'libfep_ops_cuda.so'));
    say(await packCuda({ library, out: resolve(values.out ?? '.') }));
  });
}
