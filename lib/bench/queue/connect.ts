import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { FepError, messageOf } from '../../errors/fepError';
import { requireQueueUrl, withoutPassword } from './url';

export type Bullmq = typeof import('bullmq');
type Ioredis = Pick<typeof import('ioredis'), 'Redis'>;

/** All benches of a database share one queue. */
export const QUEUE_NAME = 'bench';

/** Prefix of every key; the braces keep all keys of the queue on one node of a cluster. */
export const PREFIX = '{fep-native}';

/** A connection that reconnects automatically. */
export interface QueueConnection {
  bullmq: Bullmq;
  client: Redis;
  queue: Queue;
  /** Whether the server was unreachable since the last call. */
  wasAway(): boolean;
  close(): void;
}

/** A client: ioredis's own, or the one that bullmq makes of it. */
type Endable = Pick<Redis, 'connect' | 'disconnect'> & { status: string };

/** Delay between attempts to reconnect. */
const RETRY_MS = 500;
/** How long a connection that was ended waits for the server to close it too. */
const DISCONNECT_MS = 500;
const CONNECT_MS = 5_000;

/**
 * Opens a queue.
 *
 * @param onRemark called when the server becomes unreachable and when it is back
 * @throws FepError `FEP_USAGE` for an invalid URL, `FEP_QUEUE_MISSING`, `FEP_QUEUE_UNREACHABLE`
 */
export async function connect(url: string, onRemark?: (line: string) => void): Promise<QueueConnection> {
  requireQueueUrl(url);
  const { bullmq, ioredis } = await loadPackages();
  const client = new ioredis.Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    disconnectTimeout: DISCONNECT_MS,
    maxRetriesPerRequest: null, // commands wait while the server is unreachable
    retryStrategy: () => RETRY_MS,
  });
  const reach = watch(client, url, onRemark);
  await reachOnce(client, url);
  const queue = new bullmq.Queue(QUEUE_NAME, { connection: client, prefix: PREFIX });
  queue.on('error', () => undefined); // already reported by the client
  const close = () => {
    reach.stop();
    endClient(client);
  };
  return { bullmq, client, queue, wasAway: reach.wasAway, close };
}

/**
 * Ends a client so that whoever waits for that, or for an answer, is told. Between two tries to reach the server ioredis
 * would only drop the next try, and tell nobody; a try that has begun it ends as it should.
 */
export function endClient(client: Endable): void {
  if (client.status === 'reconnecting') client.connect().catch(() => undefined);
  client.disconnect();
}

async function loadPackages(): Promise<{ bullmq: Bullmq; ioredis: Ioredis }> {
  try {
    const [bullmq, ioredis] = await Promise.all([import('bullmq'), import('ioredis')]);
    return { bullmq, ioredis };
  } catch (cause) {
    throw new FepError('FEP_QUEUE_MISSING', 'A queue needs the packages bullmq and ioredis.', {
      cause,
      hint: 'Install them beside fep-native: npm install bullmq@6 ioredis@5',
    });
  }
}

async function reachOnce(client: Redis, url: string): Promise<void> {
  let why: unknown;
  const keep = (error: unknown) => {
    why = error;
  };
  client.once('error', keep);
  try {
    await client.connect();
    await client.ping();
  } catch (error) {
    client.disconnect();
    throw new FepError(
      'FEP_QUEUE_UNREACHABLE',
      `The queue ${withoutPassword(url)} cannot be used: ${messageOf(why ?? error)}`,
      {
        cause: error,
        hint: 'Start a Redis or Valkey there, e.g. redis-server --appendonly yes (Debian: apt-get install redis-server), or check address and password.',
      },
    );
  } finally {
    client.off('error', keep);
  }
}

/** Reports when the server becomes unreachable and when it is back, and remembers that it was. */
function watch(client: Redis, url: string, onRemark: ((line: string) => void) | undefined) {
  let [ready, gone, away, notify] = [false, false, false, onRemark];
  client.on('error', () => undefined); // it reconnects by itself
  client.on('close', () => {
    if (ready && !gone) notify?.(`The queue ${withoutPassword(url)} does not answer; waiting for it.`);
    gone = ready;
  });
  client.on('ready', () => {
    if (gone) notify?.(`The queue ${withoutPassword(url)} answers again.`);
    away ||= gone;
    [ready, gone] = [true, false];
  });
  const wasAway = () => {
    const answer = away;
    away = false;
    return answer;
  };
  const stop = () => {
    notify = undefined;
  };
  return { wasAway, stop };
}
