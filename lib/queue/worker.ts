import { setTimeout as sleep } from 'node:timers/promises';
import type { Job, Worker } from 'bullmq';
import { requireObject, requireSignal } from '../arguments';
import { FepError } from '../errors';
import { loadAddon } from '../libtorch/addon';
import { mayPass } from '../mayPass';
import { AnnouncedBench } from './announcedBench';
import { readAnnouncement } from './announcement';
import { connect, endClient, PREFIX, QUEUE_NAME, type QueueConnection } from './connect';
import { writeReason } from './failureReason';
import { type JobData, jobDataSchema, TRIES } from './job';
import type { WorkerOptions, WorkerResult } from './workerOptions';

/**
 * Computes items of benches that were started with `queue`, one at a time, until it is told to end.
 *
 * Run as many as there are devices, or groups of cores. What fails in a way that may pass goes back to the queue for
 * another try; what never passes is told to the bench. When this process vanishes, another worker takes its job over.
 *
 * @throws FepError `FEP_QUEUE_MISSING`, `FEP_QUEUE_UNREACHABLE`; when this machine cannot do the bench that it met:
 *   `FEP_VERSION_MISMATCH`, or what finding its models and data threw
 */
export async function runWorker(options: WorkerOptions): Promise<WorkerResult> {
  requireObject(options, 'options');
  requireSignal(options.signal);
  checkSeconds(options);
  loadAddon(); // rather now than with a job in hand
  const connection = await connect(options.queue, options.onRemark);
  const work = new Work(connection, options);
  try {
    return await work.run();
  } finally {
    work.dispose();
    connection.close();
  }
}

export const DEAD_AFTER = 30;

/** So long a worker that was told to end waits for a server that is away, to hand it a result or to return a job. */
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

class Work {
  private readonly result: WorkerResult = { computed: 0, failed: 0, returned: false };
  private readonly ended = new AbortController();
  private bench: { id: string; open: AnnouncedBench } | undefined;
  private fault: unknown;
  private busy = false;
  private idleSince = performance.now();

  constructor(
    private readonly connection: QueueConnection,
    private readonly options: WorkerOptions,
  ) {}

  async run(): Promise<WorkerResult> {
    const { bullmq, client } = this.connection;
    const { deadAfter = DEAD_AFTER, signal } = this.options;
    const worker = new bullmq.Worker(QUEUE_NAME, (job, token) => this.take(job, token), {
      ...{ connection: client, prefix: PREFIX, autorun: false },
      ...{ lockDuration: 1000 * deadAfter, stalledInterval: 1000 * deadAfter, maxStalledCount: TRIES },
    });
    worker.on('error', () => undefined); // of the connection, which tells itself; it mends, and so does a lost job
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
    if (this.fault !== undefined) throw this.fault;
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

  /** What is unfinished then others do: the lock of a job that was neither finished nor returned runs out. */
  private async outOfPatience(): Promise<void> {
    await onceAborted(this.ended.signal);
    const told = performance.now();
    while (this.busy || performance.now() - Math.max(told, this.idleSince) < PATIENCE_MS)
      await sleep(TICK_MS, undefined, { ref: false });
  }

  private async take(job: Job, token: string | undefined): Promise<unknown> {
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
      if (this.options.signal?.aborted) return this.giveBack(job, token);
      if (mayPass(error)) throw this.failed(error);
      this.fault = error; // this machine's, not the item's
      return this.giveBack(job, token);
    });
    try {
      const record = await bench.compute(data);
      this.result.computed++;
      const { model, sample, method } = record;
      this.options.onItem?.({ model, sample, method, seconds: (performance.now() - start) / 1000 });
      return record;
    } catch (error) {
      if (this.options.signal?.aborted) return this.giveBack(job, token);
      throw this.failed(error);
    }
  }

  private read(job: Job): JobData {
    const parsed = jobDataSchema.safeParse(job.data);
    if (parsed.success) return parsed.data;
    throw this.failed(new FepError('FEP_USAGE', `The job ${job.id} is of no kind that this version knows.`));
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

  /** What is thrown tells the queue whether to try again. */
  private failed(error: unknown): Error {
    const { UnrecoverableError } = this.connection.bullmq;
    this.result.failed++;
    const reason = writeReason(error);
    return mayPass(error) ? new Error(reason) : new UnrecoverableError(reason);
  }

  /** Puts a job back to the head of the queue, where its try does not count, and ends. */
  private async giveBack(job: Job, token: string | undefined): Promise<never> {
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
