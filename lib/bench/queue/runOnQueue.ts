import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from 'bullmq';
import { FepError } from '../../errors/fepError';
import type { Item } from '../run/items';
import { type BenchRecord, itemKey } from '../run/record';
import type { ShardRun } from '../run/runShard';
import { settleFailure } from '../run/settleFailure';
import { announce, benchId, withdraw } from './announcement';
import { connect, type QueueConnection } from './connect';
import { readReason } from './failureReason';
import { isJobOf, type JobData, jobDataOf, jobIdOf, KEEP_SECONDS, RETRY_AFTER_MS, TRIES } from './job';
import { withoutPassword } from './url';

/** Jobs that are in the queue at a time: enough for a thousand workers, some megabytes of the server's memory. */
export const MOST_HANDED_OUT = 10_000;
/** Jobs that are added, and results that are written down, at a time. */
export const BATCH = 500;
const POLL_MS = 500;
/** So long without any result, and what was handed out is handed out again: the server may have lost it. */
const RESEND_MS = 60_000;

/**
 * Hands a bench's open items out to the workers of a queue, and writes down what they find.
 *
 * The folder's journal is what counts, not the queue. Jobs have the same names in every run, so they may be added
 * again and again: a bench that was interrupted finds what its workers did meanwhile, and a server that has lost
 * everything costs only the time of what was under way.
 *
 * @throws FepError `FEP_QUEUE_MISSING`, `FEP_QUEUE_UNREACHABLE`, `FEP_ABORTED`; what an item failed with, unless errors
 *   are skipped
 */
export async function runOnQueue(shardRun: ShardRun): Promise<void> {
  if (shardRun.open.length === 0) return;
  const { queue, signal, onRemark } = shardRun.plan.options;
  const connection = await connect(queue!, onRemark);
  const stopped = new AbortController();
  const stop = () => stopped.abort();
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  try {
    // A server that is away would hold up the end, so the end does not wait for it.
    await Promise.race([
      untilAborted(stopped.signal),
      new Collection(shardRun, connection, stopped.signal).run(),
    ]);
  } finally {
    signal?.removeEventListener('abort', stop);
    connection.close();
  }
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () =>
      reject(
        new FepError('FEP_ABORTED', 'The bench was stopped; its workers go on with what they were given.'),
      );
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

/** One bench's items on their way through the queue. */
class Collection {
  private readonly id: string;
  /** Not handed out yet, the next one last. */
  private readonly waiting: Item[];
  /** Handed out, by the names of their jobs. */
  private readonly out = new Map<string, Item>();
  private readonly start = performance.now();
  private lastResult = performance.now();
  private finished = 0;

  constructor(
    private readonly shardRun: ShardRun,
    private readonly connection: QueueConnection,
    private readonly stopped: AbortSignal,
  ) {
    this.id = benchId(shardRun.plan.config);
    this.waiting = [...shardRun.open].reverse();
  }

  async run(): Promise<void> {
    await this.announce();
    this.invite();
    while (this.waiting.length > 0 || this.out.size > 0) {
      await this.handOut();
      const found = (await this.collect('completed')) + (await this.collect('failed'));
      if (found > 0) this.lastResult = performance.now();
      else await sleep(POLL_MS, undefined, { signal: this.stopped });
      if (this.connection.wasAway() || performance.now() - this.lastResult > RESEND_MS) await this.resend();
    }
    await withdraw(this.connection.client, this.id);
  }

  private invite(): void {
    const { queue, onRemark } = this.shardRun.plan.options;
    const items = this.waiting.length;
    onRemark?.(`${items} items for workers: fep-native worker --queue ${withoutPassword(queue!)}`);
  }

  private announce(): Promise<void> {
    const { resolved: options, config, options: given } = this.shardRun.plan;
    const { skipErrors = false, threads } = given;
    return announce(this.connection.client, this.id, { options, config, skipErrors, threads });
  }

  private async handOut(): Promise<void> {
    while (this.waiting.length > 0 && this.out.size <= MOST_HANDED_OUT - BATCH) {
      const items = this.waiting.splice(-BATCH).reverse();
      for (const item of items) this.out.set(jobIdOf(this.dataOf(item)), item);
      await this.add(items);
    }
  }

  /** What the queue still has it keeps as it is. */
  private async resend(): Promise<void> {
    this.lastResult = performance.now();
    await this.announce();
    const items = [...this.out.values()];
    while (items.length > 0) await this.add(items.splice(0, BATCH));
  }

  private async add(items: readonly Item[]): Promise<void> {
    const jobs = items.map((item) => {
      const data = this.dataOf(item);
      return {
        name: 'item',
        data,
        opts: {
          jobId: jobIdOf(data),
          attempts: TRIES,
          backoff: { type: 'exponential', delay: RETRY_AFTER_MS },
          removeOnComplete: { age: KEEP_SECONDS },
          removeOnFail: { age: KEEP_SECONDS },
        },
      };
    });
    await this.connection.queue.addBulk(jobs);
  }

  private dataOf(item: Item): JobData {
    return jobDataOf(item, this.id, this.shardRun.plan.config);
  }

  /** @returns how many jobs of this bench were found in that state, and taken out of the queue */
  private async collect(state: 'completed' | 'failed'): Promise<number> {
    const { queue, bullmq } = this.connection;
    let [found, others] = [0, 0];
    for (;;) {
      const ids = await queue.getRanges([state], others, others + BATCH - 1, true);
      const own = ids.filter((id) => isJobOf(this.id, id));
      const jobs = await Promise.all(own.map((id) => bullmq.Job.fromId(queue, id)));
      this.stopped.throwIfAborted(); // the journal may be closed by now
      const there = jobs.filter((job) => job !== undefined);
      await (state === 'completed' ? this.takeCompleted(there) : this.takeFailed(there));
      found += own.length;
      others += ids.length - own.length; // another bench's results stay where they are
      if (ids.length < BATCH) return found;
    }
  }

  /** The journal first, the queue after it: an end in between costs nothing. */
  private async takeCompleted(jobs: readonly Job[]): Promise<void> {
    const own = jobs.flatMap((job) => {
      const item = this.out.get(job.id!);
      return item ? [{ job, item }] : [];
    });
    this.shardRun.results.append(...own.map(({ job, item }) => recordOf(job, item)));
    for (const { job, item } of own) this.finish(job, item);
    await Promise.all(jobs.map((job) => job.remove()));
  }

  /** The queue first: a failure that is told is not told again when the bench is started once more. */
  private async takeFailed(jobs: readonly Job[]): Promise<void> {
    const { plan, errors } = this.shardRun;
    for (const job of jobs) {
      const item = this.out.get(job.id!);
      await job.remove();
      if (!item) continue;
      settleFailure(item, readReason(job.failedReason), plan.options, errors);
      this.finish(job, item);
    }
  }

  private finish(job: Job, item: Item): void {
    this.out.delete(job.id!);
    this.finished++;
    this.report(item);
  }

  private report({ model, sample, method }: Item): void {
    const { plan, total } = this.shardRun;
    const left = this.waiting.length + this.out.size;
    const seconds = (performance.now() - this.start) / 1000;
    plan.options.onProgress?.({
      ...{ done: total - left, total, fraction: 1 },
      ...{ model, sample: sample.id, method: method.label },
      secondsLeft: (seconds / this.finished) * left,
    });
  }
}

/** @throws FepError `FEP_INTERNAL` when a worker answered with something else */
function recordOf({ id, returnvalue }: Job, { model, place, method }: Item): BenchRecord {
  const record = returnvalue as BenchRecord | null;
  const wanted = itemKey({ model, place, method: method.label });
  if (record && itemKey(record) === wanted && Array.isArray(record.masks)) return record;
  throw new FepError('FEP_INTERNAL', `The job ${id} came back with something else than its item ${wanted}.`);
}
