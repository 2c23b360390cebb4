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

/** Jobs in the queue at a time: enough for a thousand workers, in a few megabytes of server memory. */
export const MOST_HANDED_OUT = 10_000;
/** Jobs added, and results recorded, at a time. */
export const BATCH = 500;
const POLL_MS = 500;
/** Without results for this long, pending jobs are added again: the server may have lost them. */
const RESEND_MS = 60_000;

/**
 * Distributes a bench's open items to the workers of a queue and records their results.
 *
 * The journal in the bench's folder is the source of truth, not the queue. Job ids are the same in every run, so
 * adding a job twice is harmless: an interrupted bench collects what its workers finished meanwhile, and a server
 * that lost its data costs only the jobs in progress.
 *
 * @throws FepError `FEP_QUEUE_MISSING`, `FEP_QUEUE_UNREACHABLE`, `FEP_ABORTED`; the error of an item, unless errors
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
    // An abort must not wait for an unreachable server.
    await Promise.race([
      untilAborted(stopped.signal),
      new QueueRun(shardRun, connection, stopped.signal).run(),
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
        new FepError(
          'FEP_ABORTED',
          'The bench was stopped; its workers continue with the jobs in the queue.',
        ),
      );
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

/** Runs the open items of one bench through the queue. */
class QueueRun {
  private readonly id: string;
  /** Not in the queue yet, next one last. */
  private readonly waiting: Item[];
  /** In the queue, by job id. */
  private readonly queued = new Map<string, Item>();
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
    this.showWorkerCommand();
    while (this.waiting.length > 0 || this.queued.size > 0) {
      await this.fillQueue();
      const found = (await this.collect('completed')) + (await this.collect('failed'));
      if (found > 0) this.lastResult = performance.now();
      else await sleep(POLL_MS, undefined, { signal: this.stopped });
      if (this.connection.wasAway() || performance.now() - this.lastResult > RESEND_MS) await this.resend();
    }
    await withdraw(this.connection.client, this.id);
  }

  private showWorkerCommand(): void {
    const { queue, onRemark } = this.shardRun.plan.options;
    const items = this.waiting.length;
    onRemark?.(`${items} items for workers: fep-native worker --queue ${withoutPassword(queue!)}`);
  }

  private announce(): Promise<void> {
    const { resolved: options, config, options: given } = this.shardRun.plan;
    const { skipErrors = false, threads } = given;
    return announce(this.connection.client, this.id, { options, config, skipErrors, threads });
  }

  private async fillQueue(): Promise<void> {
    while (this.waiting.length > 0 && this.queued.size <= MOST_HANDED_OUT - BATCH) {
      const items = this.waiting.splice(-BATCH).reverse();
      for (const item of items) this.queued.set(jobIdOf(this.dataOf(item)), item);
      await this.add(items);
    }
  }

  /** Adding a job that the queue still has changes nothing. */
  private async resend(): Promise<void> {
    this.lastResult = performance.now();
    await this.announce();
    const items = [...this.queued.values()];
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

  /** @returns how many finished jobs of this bench were found in that state and removed from the queue */
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
      others += ids.length - own.length; // leave the results of other benches alone
      if (ids.length < BATCH) return found;
    }
  }

  /** Writes the journal before removing jobs: a crash in between loses nothing. */
  private async takeCompleted(jobs: readonly Job[]): Promise<void> {
    const own = jobs.flatMap((job) => {
      const item = this.queued.get(job.id!);
      return item ? [{ job, item }] : [];
    });
    this.shardRun.results.append(...own.map(({ job, item }) => recordOf(job, item)));
    for (const { job, item } of own) this.finish(job, item);
    await Promise.all(jobs.map((job) => job.remove()));
  }

  /** Removes a job before reporting its failure, so that the next run retries it instead of reporting it again. */
  private async takeFailed(jobs: readonly Job[]): Promise<void> {
    const { plan, errors } = this.shardRun;
    for (const job of jobs) {
      const item = this.queued.get(job.id!);
      await job.remove();
      if (!item) continue;
      settleFailure(item, readReason(job.failedReason), plan.options, errors);
      this.finish(job, item);
    }
  }

  private finish(job: Job, item: Item): void {
    this.queued.delete(job.id!);
    this.finished++;
    this.report(item);
  }

  private report({ model, sample, method }: Item): void {
    const { plan, total } = this.shardRun;
    const left = this.waiting.length + this.queued.size;
    const seconds = (performance.now() - this.start) / 1000;
    plan.options.onProgress?.({
      done: total - left,
      total,
      fraction: 1,
      model,
      sample: sample.id,
      method: method.label,
      secondsLeft: (seconds / this.finished) * left,
    });
  }
}

/** @throws FepError `FEP_INTERNAL` if a worker returned something else */
function recordOf({ id, returnvalue }: Job, { model, place, method }: Item): BenchRecord {
  const record = returnvalue as BenchRecord | null;
  const wanted = itemKey({ model, place, method: method.label });
  if (record && itemKey(record) === wanted && Array.isArray(record.masks)) return record;
  throw new FepError('FEP_INTERNAL', `The job ${id} returned something other than its item ${wanted}.`);
}
