// The Redis of the queue's tests: the system's own.
import { findProgram, installPackage, mayInstall } from './debian.mjs';
import { say } from './run.mjs';

/** Where Redis or Valkey is; undefined where there is none. */
export function findRedis() {
  return findProgram(['redis-server', 'valkey-server']);
}

/** What to do where there is none. */
export const REDIS_HINT =
  'no Redis was found. On Debian: apt-get install -y --no-install-recommends redis-server; Valkey does as well';

/** Installs Redis where that takes no question. Otherwise the queue's tests are left out. */
export async function setUpRedis() {
  if (findRedis()) return;
  if (mayInstall()) say('Installing Redis for the tests of the queue …');
  if ((await installPackage('redis-server')) && findRedis()) return;
  say(`The tests of the queue will be left out: ${REDIS_HINT}.`);
}
