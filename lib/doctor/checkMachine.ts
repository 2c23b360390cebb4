import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { processorFlags } from '../system/processorFlags';
import type { Check } from './check';

/** A mini model needs a few hundred megabytes; published models need several gigabytes. */
const LOW_MEMORY = 2e9;

/** The processor: number of threads, and the vector instructions that libtorch can use. */
export function checkCpu(): Check {
  const vectors = vectorLevel();
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const detail = `${model}, ${availableParallelism()} threads${vectors ? `, ${vectors}` : ''}`;
  if (process.arch !== 'x64' || vectors) return { name: 'cpu', status: 'ok', detail };
  return { name: 'cpu', status: 'warn', detail: `${detail}, no AVX2: libtorch will be several times slower` };
}

/** The memory available to this process. */
export function checkMemory(): Check {
  const limit = process.constrainedMemory?.() ?? 0;
  const total = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  const detail = `${gigabytes(total)}, ${gigabytes(Math.min(freemem(), total))} free`;
  if (total >= LOW_MEMORY) return { name: 'memory', status: 'ok', detail };
  return { name: 'memory', status: 'warn', detail, fix: 'Use a small model, or a machine with more memory.' };
}

function vectorLevel(): string | undefined {
  const flags = processorFlags();
  if (flags.includes('avx512f')) return flags.includes('amx_bf16') ? 'AVX-512, AMX' : 'AVX-512';
  return flags.includes('avx2') ? 'AVX2' : undefined;
}
