import { readFileSync } from 'node:fs';
import { freemem } from 'node:os';

/**
 * Bytes of memory that this process may still take: what the machine has free, within the limits of its container
 * (cgroup) and of its address space (`ulimit -v`).
 */
export function freeMemory(): number {
  const available = process.availableMemory?.() ?? freemem();
  return Math.max(0, Math.min(available, freeAddressSpace()));
}

function freeAddressSpace(): number {
  try {
    const limit = /^Max address space +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    if (limit === undefined) return Number.POSITIVE_INFINITY; // `unlimited`
    const kilobytes = /^VmSize:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return Number(limit) - Number(kilobytes) * 1024;
  } catch {
    return Number.POSITIVE_INFINITY; // no such file: not Linux
  }
}
