import { readFileSync } from 'node:fs';
import { freemem } from 'node:os';
import { processStatus } from './processStatus';

/**
 * Bytes of memory that this process can still allocate: the free memory of the machine, within the limits of the
 * container (cgroup) and of the address space (`ulimit -v`). In a container this process is assumed to be the only
 * large one: the rest of the usage is mostly page cache, which can be reclaimed.
 */
export function freeMemory(): number {
  // Without a limit, the constraint is 0 or more than any machine has.
  const limit = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  return Math.max(0, Math.min(freemem(), limit - process.memoryUsage.rss(), freeAddressSpace()));
}

function freeAddressSpace(): number {
  try {
    const limit = /^Max address space +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    if (limit !== undefined) return Number(limit) - (processStatus('VmSize') ?? 0);
  } catch {
    // no such file: not Linux
  }
  return Number.POSITIVE_INFINITY;
}
