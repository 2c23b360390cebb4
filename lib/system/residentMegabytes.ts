import { readFileSync } from 'node:fs';

/** Memory that a process holds, MB; 0 where the system does not say, or the process has just ended. */
export function residentMegabytes(pid: number | undefined): number {
  try {
    return Number(/^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
