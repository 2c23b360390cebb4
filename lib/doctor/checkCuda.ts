import { spawnSync } from 'node:child_process';
import { type CudaFacts, cudaFacts, cudaProblem } from '../binding/cuda';
import type { Check, DoctorOptions } from './check';

/** The oldest NVIDIA driver that supports CUDA 13. */
const DRIVER_FOR_CUDA_13 = 580;

/**
 * Whether an NVIDIA driver and a libtorch that can use it are present.
 *
 * @param variant of libtorch
 * @param facts from the addon; undefined if it does not load, which another check reports
 */
export function checkCuda(
  variant: string | undefined,
  options: DoctorOptions = {},
  facts?: CudaFacts,
): Check {
  const name = 'cuda';
  const gpu = describeGpu(options);
  const cudaBuild = variant !== undefined && /^cu/.test(variant);
  if (gpu === undefined) {
    if (!cudaBuild) return { name, status: 'ok', detail: 'no NVIDIA driver; the CPU is used' };
    const detail = `libtorch is a CUDA build (${variant}), but there is no NVIDIA driver`;
    return { name, status: 'warn', detail, fix: 'Install the NVIDIA driver, or run with --device cpu.' };
  }
  if (gpu.driver < DRIVER_FOR_CUDA_13) {
    const fix = `Update the NVIDIA driver to ${DRIVER_FOR_CUDA_13} or newer.`;
    return { name, status: 'warn', detail: `${gpu.text}: too old for CUDA 13`, fix };
  }
  if (cudaBuild) {
    const detail = `${gpu.text}, libtorch ${variant}`;
    const problem = facts && cudaProblem(facts, 'cuda');
    if (problem === undefined) return { name, status: 'ok', detail };
    return { name, status: 'warn', detail: `${detail}, but ${problem.reason}`, fix: problem.hint };
  }
  const fix = 'npx fep-native libtorch install --variant cu130';
  return { name, status: 'warn', detail: `${gpu.text}, but libtorch is built for the CPU only`, fix };
}

/** The CUDA facts if the addon loads, else undefined. */
export function cudaFactsIfAny(options: DoctorOptions = {}): CudaFacts | undefined {
  try {
    return cudaFacts(options);
  } catch {
    return undefined;
  }
}

function describeGpu({ env = process.env }: DoctorOptions): { text: string; driver: number } | undefined {
  const args = ['--query-gpu=name,driver_version', '--format=csv,noheader'];
  const run = spawnSync('nvidia-smi', args, { encoding: 'utf8', env, timeout: 10_000 });
  const first = run.status === 0 ? run.stdout.trim().split('\n')[0] : undefined;
  if (!first) return undefined;
  const [gpu = '', driver = ''] = first.split(', ');
  return { text: `${gpu}, driver ${driver}`, driver: Number.parseInt(driver, 10) || 0 };
}
