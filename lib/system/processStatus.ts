import { readFileSync } from 'node:fs';

/**
 * A field of /proc/self/status in bytes: peak resident memory (`VmHWM`) or address space (`VmSize`); undefined
 * except on Linux.
 */
export function processStatus(field: 'VmHWM' | 'VmSize'): number | undefined {
  try {
    const pattern = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm');
    const kilobytes = pattern.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined; // no such file: not Linux
  }
}
