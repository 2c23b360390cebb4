import { readFileSync } from 'node:fs';

/** Bytes that Linux counts of this process: the most it held (`VmHWM`), its address space (`VmSize`); else undefined. */
export function processStatus(field: 'VmHWM' | 'VmSize'): number | undefined {
  try {
    const pattern = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm');
    const kilobytes = pattern.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined; // no such file: not Linux
  }
}
