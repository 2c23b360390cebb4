// A Redis of a test's own: the system's program, a port and a folder that nobody else has.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { Redis } from 'ioredis';
import { freePort } from '../../scripts/free-port.mjs';
import { findRedis, REDIS_HINT } from '../../scripts/redis.mjs';
import { endWithTests } from './children.mjs';
import { temporaryFolder } from './libtorch.mjs';
import { testUnless } from './testUnless.mjs';

const program = findRedis();

/** A test that takes Redis, one after the other. */
export const redisTest = testUnless(program ? undefined : REDIS_HINT, test.serial);

/**
 * Starts a Redis that ends with the test.
 *
 * @param durable whether it keeps what it was told over a restart
 * @returns its `url`; `kill`, outright; `run`, again after that; `restart`, both; `ask`, one command of its own
 */
export async function startRedis(t, { durable }) {
  const port = await freePort();
  const files = durable ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--appendonly', 'no'];
  const args = ['--port', port, '--bind', '127.0.0.1', '--save', '', '--dir', temporaryFolder(t), ...files];
  let server;
  const run = async () => {
    server = endWithTests(spawn(program, args.map(String), { stdio: 'ignore' }));
    await ask('ping');
  };
  const ask = async (...command) => {
    const client = new Redis({ port, maxRetriesPerRequest: null, retryStrategy: () => 50 });
    client.on('error', () => {}); // not up yet
    const answer = await client.call(...command);
    client.disconnect();
    return answer;
  };
  const kill = async () => {
    if (server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  };
  await run();
  t.teardown(kill);
  return {
    url: `redis://127.0.0.1:${port}/0`,
    ask,
    kill,
    run,
    async restart() {
      await kill();
      await sleep(300);
      await run();
    },
  };
}
