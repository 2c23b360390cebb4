import { readFileSync } from 'node:fs';

/** CPU features as Linux names them: `avx2`, `avx512f`, …; empty if /proc/cpuinfo does not list them. */
export function processorFlags(): string[] {
  try {
    return /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]?.split(' ') ?? [];
  } catch {
    return []; // no such file: not Linux
  }
}
