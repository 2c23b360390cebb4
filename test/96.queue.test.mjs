// Benches over a queue, with a real Redis: workers that are killed, a server that is restarted or loses everything, errors
// that may pass and errors that never do. Whatever happens, the tables are those of a bench in one process.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { Queue } from 'bullmq';
import { FepError, writeNpy } from 'fep-native';
import { bench, runWorker } from 'fep-native/bench';
import { synthesize } from 'fep-native/datasets';
import { Redis } from 'ioredis';
import { simulatePool } from '../bench/scale/pool.mjs';
import { PREFIX, QUEUE_NAME } from '../dist/bench/queue/connect.js';
import { readReason, writeReason } from '../dist/bench/queue/failureReason.js';
import { withoutPassword } from '../dist/bench/queue/url.js';
import { EXIT } from '../dist/cli/exitCodes.js';
import { freePort } from '../scripts/free-port.mjs';
import { cli, outcome, records, start } from './helpers/bench.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';
import { redisTest, startRedis } from './helpers/redis.mjs';

const OPTIONS = {
  methods: ['gradients', 'random', 'center', 'ep'],
  iterations: 3,
  limit: 3,
  curveSteps: 0,
  threads: 1,
};
const ITEMS = 12;
const COUNTS = ['--iterations', '3', '--limit', '3', '--curve-steps', '0', '--threads', '1'];
const ARGUMENTS = ['bench', '--method', OPTIONS.methods.join(','), ...COUNTS];

const lines = (folder) => {
  const file = join(folder, 'results.jsonl');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0;
};
const until = async (condition, child) => {
  while (!condition() && child.exitCode === null) await sleep(20);
};

/** The same bench in one process. */
let whole;
const expected = async () => {
  if (!whole) {
    whole = temporaryFolder({ teardown: (clean) => process.once('exit', clean) });
    await bench({ ...OPTIONS, keepClips: 0, out: whole }); // over a queue no masks are kept
  }
  return whole;
};

/** A worker that says `taken` when it has finished its first item; on a busy machine one may well be silent for 2 s. */
function worker(url, ...more) {
  const run = start(['worker', '--queue', url, '--dead-after', '5', ...more]);
  const taken = new Promise((done) => {
    run.child.stderr.once('data', done);
    run.child.once('exit', done);
  });
  return { ...run, taken };
}

redisTest(
  'three workers, one killed, one stopped, and a server that is killed: the same table',
  async (t) => {
    t.timeout(240_000);
    const redis = await startRedis(t, { durable: true });
    const out = join(temporaryFolder(t), 'out');
    const run = start([...ARGUMENTS, '--queue', redis.url, '--out', out]);
    const [killed, stopped, last] = [worker(redis.url), worker(redis.url), worker(redis.url, '--json')];

    await Promise.all([killed.taken, stopped.taken]);
    killed.child.kill('SIGKILL');
    t.is((await killed.ended).signal, 'SIGKILL');
    await until(() => lines(out) >= 3, run.child);
    await redis.restart();
    await until(() => lines(out) >= 5, run.child);
    stopped.child.kill('SIGTERM');
    const gone = await stopped.ended;
    t.is(gone.status, EXIT.interrupted, gone.stderr);
    t.regex(gone.stdout, /^\d+ items computed(, one returned to the queue)?\.\n$/, gone.stderr);

    const { status, stdout, stderr } = await run.ended;
    t.is(status, EXIT.done, stderr);
    t.regex(stdout, new RegExp(`^${ITEMS} items, ${ITEMS} computed in this run`));
    t.regex(stderr, new RegExp(`^${ITEMS} items for workers: fep-native worker --queue ${redis.url}$`, 'm'));
    t.regex(stderr, /does not answer; waiting for it\.\n(.*\n)*The queue redis:.* answers again/);
    const events = await redis.ask('xrange', `${PREFIX}:${QUEUE_NAME}:events`, '-', '+');
    t.true(events.map(([, fields]) => fields.join(' ')).some((event) => event.startsWith('event stalled ')));
    await expected();
    t.deepEqual(records(out), records(whole).sort(inOrderOf(records(out))));
    t.deepEqual(outcome(out), outcome(whole));

    last.child.kill('SIGTERM');
    t.is((await last.ended).status, EXIT.interrupted);
    const keys = await redis.ask('keys', '*');
    t.deepEqual(
      keys.filter((key) => /[0-9a-f]{16}/.test(key)),
      [],
      'nothing of the bench is left',
    );
  },
);

/** Workers finish in any order. */
function inOrderOf(list) {
  const key = ({ place, method }) => `${place} ${method}`;
  const order = new Map(list.map((record, i) => [key(record), i]));
  return (a, b) => order.get(key(a)) - order.get(key(b));
}

redisTest('a server that loses everything: what was under way is handed out again', async (t) => {
  t.timeout(240_000);
  const redis = await startRedis(t, { durable: false });
  const out = join(temporaryFolder(t), 'out');
  const run = start([...ARGUMENTS, '--queue', redis.url, '--out', out]);
  const one = worker(redis.url);
  await until(() => lines(out) >= 2, run.child);
  await redis.restart();
  const { status, stderr } = await run.ended;
  t.is(status, EXIT.done, stderr);
  await expected();
  t.deepEqual(outcome(out), outcome(whole));
  one.child.kill('SIGTERM');
  await one.ended;
});

redisTest('a worker that is told to end ends, wherever it is and with the server away', async (t) => {
  t.timeout(240_000);
  const redis = await startRedis(t, { durable: true });
  const workUntil = (signal, more) => runWorker({ queue: redis.url, signal, ...more });
  const nothing = { computed: 0, failed: 0, returned: false };

  // Idle, while its connections wait for the next try to reach the server.
  const idle = new AbortController();
  const onRemark = () => setTimeout(() => idle.abort(), 100);
  const idler = workUntil(idle.signal, { onRemark });
  while (!(await redis.ask('client', 'list')).includes('cmd=bzpopmin')) await sleep(20);
  await redis.kill();
  t.deepEqual(await idler, nothing);
  await redis.run();

  const first = start([...ARGUMENTS, '--queue', redis.url, '--out', join(temporaryFolder(t), 'out')]);
  const count = (command, state) => redis.ask(command, `${PREFIX}:${QUEUE_NAME}:${state}`);
  while ((await count('llen', 'wait')) < ITEMS && first.child.exitCode === null) await sleep(50);
  first.child.kill('SIGINT');
  await first.ended;

  // While it opens what the bench is made of: where the models are is asked there.
  const opening = new AbortController();
  const opened = await runWorker({
    queue: redis.url,
    signal: opening.signal,
    get models() {
      return opening.abort();
    },
  });
  t.deepEqual(opened, { ...nothing, returned: true });
  t.is(await count('llen', 'wait'), ITEMS);

  // With an item just finished: its result waits for the server, but not for ever.
  const finish = async (happens) => {
    const stop = new AbortController();
    let happened;
    const onItem = () => {
      stop.abort();
      happened = happens();
    };
    t.deepEqual(await workUntil(stop.signal, { onItem }), { ...nothing, computed: 1 });
    await happened;
  };
  await finish(redis.restart);
  t.is(await count('zcard', 'completed'), 1);
  await finish(redis.kill);
});

redisTest('a bench that was stopped finds what its workers did; another place is refused', async (t) => {
  t.timeout(240_000);
  const redis = await startRedis(t, { durable: false });
  const out = join(temporaryFolder(t), 'out');
  const args = [...ARGUMENTS, '--queue', redis.url, '--out', out];
  const first = start(args);
  const handedOut = async () => (await redis.ask('llen', `${PREFIX}:${QUEUE_NAME}:wait`)) === ITEMS;
  while (!(await handedOut())) await sleep(50);
  first.child.kill('SIGINT');
  t.is((await first.ended).status, EXIT.interrupted);

  const other = await cli(['worker', '--queue', redis.url, '--model', 'tsm-mini']);
  t.is(other.status, EXIT.environment);
  t.regex(other.stderr, /would compute the bench differently:\n {2}models: .*r2plus1d-mini.* → .*tsm-mini/);
  t.true(await handedOut(), 'the job is where it was');

  // Stopped in the midst of an item; the rare moment between two of them is not what is meant.
  let computed = 0;
  for (let returned = false; !returned; ) {
    const stop = new AbortController();
    const onItem = () => setTimeout(() => stop.abort(), 60);
    const did = await runWorker({ queue: redis.url, onItem, signal: stop.signal });
    t.is(did.failed, 0);
    computed += did.computed;
    returned = did.returned;
  }
  const rest = await runWorker({ queue: redis.url, maxIdle: 1 });
  t.deepEqual(rest, { computed: ITEMS - computed, failed: 0, returned: false });
  t.is(lines(out), 0);
  const { status, stdout, stderr } = await cli([...args, '--json', '--quiet']);
  t.is(status, EXIT.done, stderr);
  t.like(JSON.parse(stdout), { items: ITEMS, computed: ITEMS });
  await expected();
  t.deepEqual(outcome(out), outcome(whole));
});

redisTest('what never passes is told to the bench at once, what may pass is tried again', async (t) => {
  t.timeout(240_000);
  const redis = await startRedis(t, { durable: false });
  const [data, out] = ['data', 'out'].map((name) => join(temporaryFolder(t), name));
  mkdirSync(data);
  const { rgb, frames, height, width, className: label } = synthesize({ seed: 2, index: 0 });
  await writeNpy(join(data, 'a.npy'), { data: rgb, shape: [frames, height, width, 3] });
  writeFileSync(join(data, 'b.npy'), readFileSync(join(data, 'a.npy')).subarray(0, 5000));
  writeFileSync(
    join(data, 'manifest.json'),
    JSON.stringify({ clips: ['a.npy', 'b.npy'].map((path) => ({ path, label })) }),
  );

  // A job of a bench that nobody has announced may pass: it might yet be announced.
  const connection = new Redis(redis.url, { maxRetriesPerRequest: null });
  const queue = new Queue(QUEUE_NAME, { connection, prefix: PREFIX });
  const unknown = { bench: '0123456789abcdef', model: 0, place: 0, method: 0 };
  const attempts = { attempts: 3, backoff: { type: 'fixed', delay: 100 } };
  const orphan = await queue.add('item', unknown, { jobId: 'orphan', ...attempts });
  const odd = await queue.add('item', { file: '/etc/passwd' }, { jobId: 'odd', ...attempts });

  const one = worker(redis.url);
  const args = [
    'bench',
    '--method',
    'random',
    '--curve-steps',
    '0',
    '--threads',
    '1',
    '--data',
    `folder:${data}`,
  ];
  const stopped = await cli([...args, '--queue', redis.url, '--out', out, '--quiet']);
  t.is(stopped.status, EXIT.failed, stopped.stderr);
  t.regex(stopped.stderr, /^error: r2plus1d-mini, b[^,]*, Random: .*b\.npy/);
  const passed = await cli([
    ...args,
    '--queue',
    redis.url,
    '--out',
    out,
    '--skip-errors',
    '--json',
    '--quiet',
  ]);
  t.is(passed.status, EXIT.done, passed.stderr);
  t.like(JSON.parse(passed.stdout), { items: 2, failed: 1 });
  t.is(records(out).length, 1);
  const [failure] = readFileSync(join(out, 'errors.jsonl'), 'utf8').trimEnd().split('\n').map(JSON.parse);
  t.like(failure, { place: 1, method: 'Random' });

  const failed = async ({ id }) => {
    for (;;) {
      const { failedReason, attemptsMade } = await queue.getJob(id);
      if (failedReason && attemptsMade > 0 && (await queue.getJobState(id)) === 'failed')
        return { attemptsMade, code: readReason(failedReason).code };
      await sleep(50);
    }
  };
  t.deepEqual(await failed(orphan), { attemptsMade: 3, code: 'FEP_QUEUE_UNREACHABLE' });
  t.deepEqual(await failed(odd), { attemptsMade: 1, code: 'FEP_USAGE' });
  connection.disconnect();
  one.child.kill('SIGTERM');
  await one.ended;
});

test.serial('what cannot be: no server, no address, two ways of dividing', async (t) => {
  const out = join(temporaryFolder(t), 'out');
  const url = `redis://:secret@127.0.0.1:${await freePort()}/0`;
  for (const args of [[...ARGUMENTS, '--out', out], ['worker']]) {
    const { status, stderr } = await cli([...args, '--queue', url, '--quiet']);
    t.is(status, EXIT.tryAgain, stderr);
    t.regex(stderr, /^error: The queue redis:.* cannot be used: .*ECONNREFUSED.*\n {2}→ Start a Redis/);
    t.notRegex(stderr, /secret/);
  }
  const refused = async (options, message) => {
    const error = await t.throwsAsync(bench({ ...OPTIONS, out, ...options }), { instanceOf: FepError });
    t.is(error.code, 'FEP_USAGE');
    t.regex(error.message, message);
  };
  await refused({ queue: 'localhost' }, /The queue is localhost; expected the address/);
  await refused({ queue: url, shard: { index: 1, of: 2 } }, /not both/);
  await refused({ queue: url, keepClips: 'all' }, /not kept over a queue/);
  await t.throwsAsync(runWorker({ queue: url, deadAfter: 0 }), { code: 'FEP_USAGE' });
});

test('an error survives its way through the queue', (t) => {
  const error = new FepError('FEP_CLIP_DECODE', 'no frame', { hint: 'look' });
  t.like(readReason(writeReason(error)), { code: 'FEP_CLIP_DECODE', message: 'no frame', hint: 'look' });
  t.like(readReason(writeReason(new Error('odd'))), { code: 'FEP_INTERNAL', message: 'odd' });
  t.regex(readReason('job stalled more than allowable limit').message, /died repeatedly/);
  t.is(withoutPassword('rediss://me:secret@host:1/2'), 'rediss://me:***@host:1/2');
});

test('the simulated pool does what can be reckoned by hand', (t) => {
  const pool = {
    items: 3000,
    seconds: [2],
    workers: 10,
    killEvery: Infinity,
    server: 0,
    collector: 0,
    seed: 1,
  };
  t.like(simulatePool(pool), { wall: 600, computed: 6000, lost: 0, again: 0, givenUp: 0 });
  const slow = simulatePool({ ...pool, collector: 1 });
  t.is(slow.wall, 2 + 3000, 'the first result, then one a second');
  t.true(slow.collector > 0.99);
  const held = simulatePool({ ...pool, items: 30_000, collector: 1 });
  t.is(held.wall, 2 + 30_000, 'more than are handed out at a time');

  const killed = simulatePool({ ...pool, killEvery: 200 });
  t.is(killed.computed + 2 * killed.givenUp, 6000, 'every item is done once, or given up');
  // A kill comes every 200 s of work, and there are 600 × 10 s of it and what was lost.
  const expected = (killed.computed + killed.lost) / 200;
  t.true(Math.abs(killed.again - expected) < 4 * Math.sqrt(expected), `${killed.again} of ${expected}`);
  t.true(killed.wall > 600);
});
