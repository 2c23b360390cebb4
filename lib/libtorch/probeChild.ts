import { writeSync } from 'node:fs';
import { messageOf } from '../errors/fepError';
import { openLibraries } from './libraries';
import type { ProbeRequest } from './probe';

/** Entry point of the child process: opens the requested binaries and prints the error, if any. */
function main(): void {
  const request = JSON.parse(process.argv[2] ?? '{}') as ProbeRequest;
  try {
    openLibraries(request.loader, request.libraries);
    if (request.addon) require(request.addon);
  } catch (error) {
    writeSync(1, messageOf(error));
    process.exit(3);
  }
  process.exit(0);
}

if (require.main === module) main();
