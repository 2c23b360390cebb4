import { setTimeout as sleep } from 'node:timers/promises';
import type { Job, Worker } from 'bullmq';
import { loadAddon } from '../../binding/addon';
import { FepError } from '../../errors/fepError';
import { isRetryable } from '../../errors/retryable';
import { requireObject, requireSignal } from '../../options/requireArguments';
import { AnnouncedBench } from './announcedBench';
import { readAnnouncement } from './announcement';
import { connect, endClient, PREFIX, QUEUE_NAME, type QueueConnection } from './connect';
import { writeReason } from './failureReason';
import { type JobData, jobDataSchema, TRIES } from './job';
import type { WorkerOptions, WorkerResult } from './workerOptions';

/**
 * Computes items of benches that were started with `queue`, one at a time, until it is stopped.
 *
 * Run one worker for each device or group of cores. A retryable failure returns the job to the queue; any other is
 * reported to the bench. If this process dies, another worker takes over its job.
 *
 * @throws FepError `FEP_QUEUE_MISSING`, `FEP_QUEUE_UNREACHABLE`; if this machine cannot compute a bench:
 *   `FEP_VERSION_MISMATCH`, or the error of finding its models and data
 */
export async function runWorker(options: WorkerOptions): Promise<WorkerResult> {
  requireObject(options, 'options');
  requireSignal(options.signal);
  checkSeconds(options);
  loadAddon(); // fail before taking a job
  const connection = await connect(options.queue, options.onRemark);
  const worker = new QueueWorker(connection, options);
  try {
    return await worker.run();
  } finally {
    worker.dispose();
    connection.close();
  }
}

/** Seconds without a sign of life after which a worker counts as dead. */
export const DEAD_AFTER = 30;

/** How long a worker that was told to end waits for an unreachable server, to deliver a result or to return a job. */
const PATIENCE_MS = 5_000;
const TICK_MS = 200;

function checkSeconds({ maxIdle, deadAfter }: WorkerOptions): void {
  const check = (name: string, value: number | undefined, least: number, most: number) => {
    if (value === undefined || (value >= least && value <= most)) return;
    throw new FepError('FEP_USAGE', `${name} is ${value}; expected ${least} to ${most} seconds.`);
  };
  check('maxIdle', maxIdle, 0, 1e6);
  check('deadAfter', deadAfter, 1, 3600);
}

class QueueWorker {
  private readonly result: WorkerResult = { computed: 0, failed: 0, returned: false };
  private readonly ended = new AbortController();
  private bench: { id: string; open: AnnouncedBench } | undefined;
  private machineError: unknown;
  private busy = false;
  private idleSince = performance.now();

  constructor(
    private readonly connection: QueueConnection,
    private readonly options: WorkerOptions,
  ) {}

  async run(): Promise<WorkerResult> {
    const { bullmq, client } = this.connection;
    const { deadAfter = DEAD_AFTER, signal } = this.options;
    const worker = new bullmq.Worker(QUEUE_NAME, (job, token) => this.process(job, token), {
      connection: client,
      prefix: PREFIX,
      autorun: false,
      lockDuration: 1000 * deadAfter,
      stalledInterval: 1000 * deadAfter,
      maxStalledCount: TRIES,
    });
    // Connection errors are reported in connect.ts; the connection and lost jobs recover by themselves.
    worker.on('error', () => undefined);
    const idle = setInterval(() => this.endIfIdle(), TICK_MS);
    const end = () => this.ended.abort();
    signal?.addEventListener('abort', end, { once: true });
    if (signal?.aborted) end();
    const running = this.ended.signal.aborted ? undefined : worker.run();
    const closed = onceAborted(this.ended.signal).then(() => close(worker));
    try {
      await Promise.race([Promise.all([running, closed]), this.outOfPatience()]);
    } finally {
      clearInterval(idle);
      signal?.removeEventListener('abort', end);
    }
    if (this.machineError !== undefined) throw this.machineError;
    return this.result;
  }

  dispose(): void {
    this.bench?.open.dispose();
  }

  private endIfIdle(): void {
    const { maxIdle } = this.options;
    if (maxIdle === undefined || this.busy) return;
    if (performance.now() - this.idleSince > 1000 * maxIdle) this.ended.abort();
  }

  /**
   * Resolves when a worker that was told to end has waited long enough for the server. Whatever it did not finish or
   * return goes to other workers when the lock of the job expires.
   */
  private async outOfPatience(): Promise<void> {
    await onceAborted(this.ended.signal);
    const told = performance.now();
    while (this.busy || performance.now() - Math.max(told, this.idleSince) < PATIENCE_MS)
      await sleep(TICK_MS, undefined, { ref: false });
  }

  private async process(job: Job, token: string | undefined): Promise<unknown> {
    this.busy = true;
    try {
      return await this.compute(job, token);
    } finally {
      this.rest();
    }
  }

  private rest(): void {
    this.busy = false;
    this.idleSince = performance.now();
  }

  private async compute(job: Job, token: string | undefined): Promise<unknown> {
    const data = this.read(job);
    const start = performance.now();
    const bench = await this.openBench(data.bench).catch(async (error: unknown) => {
      if (this.options.signal?.aborted) return this.returnJob(job, token);
      if (isRetryable(error)) throw this.failed(error);
      this.machineError = error; // a problem of this machine, not of the item
      return this.returnJob(job, token);
    });
    try {
      const record = await bench.compute(data);
      this.result.computed++;
      const { model, sample, method } = record;
      this.options.onItem?.({ model, sample, method, seconds: (performance.now() - start) / 1000 });
      return record;
    } catch (error) {
      if (this.options.signal?.aborted) return this.returnJob(job, token);
      throw this.failed(error);
    }
  }

  private read(job: Job): JobData {
    const parsed = jobDataSchema.safeParse(job.data);
    if (parsed.success) return parsed.data;
    throw this.failed(
      new FepError('FEP_USAGE', `The job ${job.id} has a format that this version does not know.`),
    );
  }

  private async openBench(id: string): Promise<AnnouncedBench> {
    if (this.bench?.id === id) return this.bench.open;
    this.dispose();
    this.bench = undefined;
    const announced = await Promise.race([
      readAnnouncement(this.connection.client, id),
      onceAborted(this.ended.signal), // a server that is away would hold up the end
    ]);
    if (!announced) throw new FepError('FEP_ABORTED', 'The worker was told to end.');
    const open = await AnnouncedBench.open(announced, this.options);
    this.bench = { id, open };
    return open;
  }

  /** The type of the thrown error tells the queue whether to retry. */
  private failed(error: unknown): Error {
    const { UnrecoverableError } = this.connection.bullmq;
    this.result.failed++;
    const reason = writeReason(error);
    return isRetryable(error) ? new Error(reason) : new UnrecoverableError(reason);
  }

  /** Moves a job back to the head of the queue without counting the attempt, and stops the worker. */
  private async returnJob(job: Job, token: string | undefined): Promise<never> {
    this.ended.abort();
    this.rest(); // nothing is computed any more, only the server is waited for
    await job.moveToWait(token);
    this.result.returned = true;
    throw new this.connection.bullmq.WaitingError();
  }
}

/** Ends a worker as soon as its job is done. */
async function close(worker: Worker): Promise<void> {
  const closed = worker.close();
  const waiting = await worker.getBackend().blockingClient?.catch(() => undefined);
  if (waiting) endClient(waiting); // bullmq waits for this end, which ioredis may not tell
  await closed;
}

function onceAborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener('abort', () => done(), { once: true });
  });
}
