// Simulates one bench on a pool of workers, event by event.
import TinyQueue from 'tinyqueue';
import { TRIES } from '../../dist/bench/queue/job.js';
import { MOST_HANDED_OUT } from '../../dist/bench/queue/runOnQueue.js';
import { DEAD_AFTER } from '../../dist/bench/queue/worker.js';
import { Random } from '../../dist/numbers/random.js';

/** Until a killed worker is replaced by one that has loaded its model. */
const RESTART_SECONDS = 120;

/**
 * @param items number of items; each takes one of `seconds`, drawn at random
 * @param workers fewer than the jobs that the bench enqueues at a time
 * @param killEvery mean seconds between two kills of a worker; kills are independent of each other
 * @param server seconds that the server spends on a job in total
 * @param collector seconds that the bench spends on a result
 * @returns `wall`, `computed` and `lost` seconds (the last two summed over workers), the number of jobs done `again` and
 *   `givenUp`, and the shares of the time for which `server` and `collector` are busy
 */
export function simulatePool({ items, seconds, workers, killEvery, server, collector, seed }) {
  const random = new Random(seed, items, workers);
  const events = new TinyQueue([], (a, b) => a.time - b.time);
  const returned = new TinyQueue([], (a, b) => a.time - b.time);
  const vanished = new Map();
  const sums = { computed: 0, lost: 0, again: 0, givenUp: 0 };
  /** When each result was written to the journal, in order. */
  const collected = [];
  let [handedOut, done, now, serverFree, collectorFree] = [0, 0, 0, 0, 0];
  for (let i = 0; i < workers; i++) events.push({ time: 0, job: undefined });

  const begin = (job) => {
    const duration = random.pick(seconds);
    const kill = -killEvery * Math.log(1 - random.uniform());
    if (kill > duration) events.push({ time: now + duration, job, duration });
    else vanish(job, kill);
  };
  const vanish = (job, after) => {
    sums.lost += after;
    events.push({ time: now + after + RESTART_SECONDS, job: undefined });
    const times = (vanished.get(job) ?? 0) + 1;
    vanished.set(job, times);
    // The job's lock has to expire, and then the queue checks twice before it gives the job to another worker.
    const time = now + after + DEAD_AFTER * random.uniform(1, 3);
    if (times > TRIES) sums.givenUp++;
    else returned.push({ time, job });
    if (times > TRIES) done++;
    else sums.again++;
  };
  const finish = ({ duration }) => {
    sums.computed += duration;
    serverFree = Math.max(serverFree, now) + server;
    collectorFree = Math.max(collectorFree, serverFree) + collector;
    collected.push(collectorFree);
    done++;
    events.push({ time: serverFree, job: undefined });
  };
  const take = () => {
    if (returned.peek()?.time <= now) begin(returned.pop().job);
    else if (handedOut < items) {
      const job = handedOut++;
      // The bench enqueues a job only when there is room for it; until then the worker waits.
      const room = job < MOST_HANDED_OUT ? 0 : collected[job - MOST_HANDED_OUT];
      if (room <= now) begin(job);
      else events.push({ time: room, job, duration: undefined });
    } else if (returned.length > 0) events.push({ time: returned.peek().time, job: undefined });
  };

  while (done < items) {
    const event = events.pop();
    now = event.time;
    if (event.job === undefined) take();
    else if (event.duration === undefined) begin(event.job);
    else finish(event);
  }
  const wall = Math.max(now, collectorFree);
  const finished = collected.length;
  return { wall, ...sums, server: (finished * server) / wall, collector: (finished * collector) / wall };
}
