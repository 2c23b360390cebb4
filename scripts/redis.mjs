// The Redis for the queue's tests is the one installed on the system.
import { findProgram, installPackage, mayInstall } from './debian.mjs';
import { say } from './run.mjs';

/** The path of Redis or Valkey; undefined if neither is installed. */
export function findRedis() {
  return findProgram(['redis-server', 'valkey-server']);
}

/** What to do without one. */
export const REDIS_HINT =
  'no Redis was found. On Debian: apt-get install -y --no-install-recommends redis-server; Valkey works as well';

/** Installs Redis if that needs no confirmation; otherwise the queue's tests are skipped. */
export async function setUpRedis() {
  if (findRedis()) return;
  if (mayInstall()) say('Installing Redis for the tests of the queue …');
  if ((await installPackage('redis-server')) && findRedis()) return;
  say(`The tests of the queue will be skipped: ${REDIS_HINT}.`);
}
