import { processStatus } from './processStatus';

/**
 * Peak resident memory of this process, in bytes. On Linux `process.resourceUsage().maxRSS` starts from the peak of
 * the parent process, so `VmHWM` is used instead.
 */
export function peakMemory(): number {
  return processStatus('VmHWM') ?? process.resourceUsage().maxRSS * 1024;
}
