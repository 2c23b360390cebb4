// The measurements kept in bench/results: one file per kind, day and machine.
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { processorFlags } from '../../dist/system/processorFlags.js';
import { root } from '../../scripts/run.mjs';

export const RESULTS = join(root, 'bench', 'results');

/**
 * Saves a measurement together with its day and machine.
 *
 * @param kind the start of the file's name, such as `speed-cpu`
 * @param found what was measured; `gpu` is the name of the GPU, if one was used
 * @param out a file to use instead of the default one
 * @returns the file
 */
export function saveResults(kind, { gpu, ...found }, out) {
  const date = new Date().toISOString().slice(0, 10);
  const machine = describeMachine(gpu);
  const file = out ?? join(RESULTS, `${kind}-${date}-${slug(machineName(machine))}.json`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ date, machine, ...found }, null, 1)}\n`);
  return file;
}

const slug = (name) => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

function describeMachine(gpu) {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    instructions: instructions(),
    threads: availableParallelism(),
    gpu,
  };
}

/** The processor's instructions that libtorch's kernels depend on; empty where the system does not list them. */
function instructions() {
  const flags = processorFlags();
  const known = { 'AVX-512': 'avx512f', 'AVX-512 bfloat16': 'avx512_bf16', 'AMX bfloat16': 'amx_bf16' };
  return Object.keys(known).filter((name) => flags.includes(known[name]));
}

/** The GPU, or the processor with the instructions that decide which kernels libtorch chooses. */
export function machineName({ gpu, processor, instructions = [] }) {
  return gpu ?? [processor.replaceAll(/\((R|TM)\)/g, ''), ...instructions].join(', ');
}
