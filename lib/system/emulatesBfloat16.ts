import { processorFlags } from './processorFlags';

/**
 * Whether this machine's processor has no arithmetic in bfloat16, so that a convolution takes about thirty times as long in it
 * as in float32: an x86 processor without AVX-512. False where the system does not tell.
 */
export function emulatesBfloat16(): boolean {
  const flags = processorFlags();
  return process.arch === 'x64' && flags.length > 0 && !flags.includes('avx512f');
}
