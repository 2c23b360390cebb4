import { readFileSync } from 'node:fs';
import { freemem } from 'node:os';

/**
 * Bytes of memory that this process may still take: what the machine has free, within the limits of the container
 * (cgroup) and of the address space (`ulimit -v`). In a container this process is taken to be the only large one: what
 * the container holds beside it is mostly files' pages, which give way.
 */
export function freeMemory(): number {
  // Without a limit the constraint is 0, or more than any machine has.
  const limit = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  return Math.max(0, Math.min(freemem(), limit - process.memoryUsage.rss(), freeAddressSpace()));
}

function freeAddressSpace(): number {
  try {
    const limit = numberIn('/proc/self/limits', /^Max address space +(\d+)/m);
    const taken = numberIn('/proc/self/status', /^VmSize:\s+(\d+) kB$/m) * 1024;
    return limit === Number.POSITIVE_INFINITY ? limit : limit - taken;
  } catch {
    return Number.POSITIVE_INFINITY; // no such file: not Linux
  }
}

/** Infinity where the text has no such number: it says `unlimited`. */
function numberIn(path: string, pattern: RegExp): number {
  return Number(pattern.exec(readFileSync(path, 'utf8'))?.[1] ?? Number.POSITIVE_INFINITY);
}
