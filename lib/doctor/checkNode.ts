import type { Check } from './check';

/** Node 20.9 or newer. */
export function checkNode(version: string = process.versions.node): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const good = major > 20 || (major === 20 && minor >= 9);
  const check: Check = { name: 'node', status: good ? 'ok' : 'fail', detail: `v${version}` };
  return good ? check : { ...check, fix: 'Install Node 20.9 or newer.' };
}
