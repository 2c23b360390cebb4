import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { isClone, packageRoot } from '../package/cache';
import { packageVersion } from '../package/version';
import { CUDA_OPERATORS } from './nativeFiles';

/** The package with the CUDA operators, which is installed beside this one: most installations do without. */
export const CUDA_PACKAGE = `@fep-native/cuda-${process.platform}-${process.arch}`;

/** An installed package of CUDA operators. */
export interface CudaPackage {
  version: string;
  /** The library of the operators. */
  operators: string;
}

/** The package that Node finds from this one; undefined if there is none. */
export function findCudaPackage(root: string = packageRoot()): CudaPackage | undefined {
  try {
    const manifest = createRequire(join(root, 'package.json')).resolve(`${CUDA_PACKAGE}/package.json`);
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
    return { version, operators: join(dirname(manifest), CUDA_OPERATORS) };
  } catch {
    return undefined;
  }
}

/** How to get the CUDA operators of this version. */
export function cudaOperatorsAdvice(root: string = packageRoot()): string {
  if (isClone(root)) return 'build them where nvcc is: `npm run build:native -- --cuda on`';
  return `install them: \`npm install ${CUDA_PACKAGE}@${packageVersion()}\``;
}
