// The machine that something was measured on.
import { availableParallelism, cpus } from 'node:os';
import { processorFlags } from '../../dist/processorFlags.js';

/** As results record it. @param gpu the name of the GPU that was used, if one was */
export function describeMachine(gpu) {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    instructions: instructions(),
    threads: availableParallelism(),
    gpu,
  };
}

/** Which of the instructions that libtorch's kernels make use of this processor has; none where Linux does not say. */
function instructions() {
  const flags = processorFlags();
  const known = { 'AVX-512': 'avx512f', 'AVX-512 bfloat16': 'avx512_bf16', 'AMX bfloat16': 'amx_bf16' };
  return Object.keys(known).filter((name) => flags.includes(known[name]));
}

/** A GPU, or a processor with those of its instructions that decide which kernels libtorch takes. */
export function machineName({ gpu, processor, instructions = [] }) {
  return gpu ?? [processor.replaceAll(/\((R|TM)\)/g, ''), ...instructions].join(', ');
}
