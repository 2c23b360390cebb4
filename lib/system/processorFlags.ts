import { readFileSync } from 'node:fs';

/** What this processor can do, as Linux names it: `avx2`, `avx512f`, …; empty where Linux does not say. */
export function processorFlags(): string[] {
  try {
    return /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]?.split(' ') ?? [];
  } catch {
    return []; // no such file: not Linux
  }
}
