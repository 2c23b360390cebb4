import { processStatus } from './processStatus';

/**
 * Most bytes of memory that this process has held. On Linux `process.resourceUsage().maxRSS` begins with what the
 * process that started this one held, so the kernel is asked for what this program held itself.
 */
export function peakMemory(): number {
  return processStatus('VmHWM') ?? process.resourceUsage().maxRSS * 1024;
}
