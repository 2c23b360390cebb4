import { readFileSync } from 'node:fs';

/**
 * Most bytes of memory that this process has held. On Linux `process.resourceUsage().maxRSS` begins with what the
 * process that started this one held, so the kernel is asked for what this program held itself.
 */
export function peakMemory(): number {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  } catch {
    // no such file: not Linux
  }
  return process.resourceUsage().maxRSS * 1024;
}
