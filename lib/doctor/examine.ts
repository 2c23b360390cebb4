import type { Check, DoctorOptions } from './check';
import { checkAddon } from './checkAddon';
import { checkCache } from './checkCache';
import { checkCuda, cudaFactsIfAny } from './checkCuda';
import { checkDecoder } from './checkDecoder';
import { checkImport } from './checkImport';
import { checkLibtorch } from './checkLibtorch';
import { checkCpu, checkMemory } from './checkMachine';
import { checkModels } from './checkModels';
import { checkNode } from './checkNode';
import { checkPlatform } from './checkPlatform';

/** Checks everything that an explanation needs; never throws. */
export function examine(options: DoctorOptions = {}): Check[] {
  const { check: libtorchCheck, libtorch } = checkLibtorch(options);
  return [
    checkNode(),
    checkPlatform(),
    libtorchCheck,
    checkAddon(options),
    checkCuda(libtorch?.variant, options, cudaFactsIfAny(options)),
    checkDecoder(options),
    checkModels(),
    checkImport(options),
    checkCache(options),
    checkCpu(),
    checkMemory(),
  ];
}
