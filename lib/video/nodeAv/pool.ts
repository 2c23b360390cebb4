import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { FepError, messageOf } from '../../errors/fepError';
import type { JobControl } from './jobControl';
import type { Answer, Job, Order } from './protocol';

/** Further jobs wait: FFmpeg uses several threads for each job. */
const MAX_WORKERS = Math.max(1, Math.min(4, availableParallelism() >> 1));
const MAX_IDLE = 1;

const idle: Worker[] = [];
const waiting: (() => void)[] = [];
let busy = 0;

/**
 * Running jobs. Terminating a worker inside a call to node-av crashes the process, so an exit waits until all
 * workers have left it, but for 1 s at most each.
 */
const controls = new Set<JobControl>();
const EXIT_TIMEOUT_MS = 1000;
process.on('exit', () => {
  for (const control of controls) control.stop();
  for (const control of controls) control.waitUntilFinished(EXIT_TIMEOUT_MS);
});

/** node-av could not be loaded. */
export class NodeAvUnavailable extends Error {}

/**
 * Runs a job on a worker thread and passes every frame to `onFrame`.
 *
 * @returns the final answer
 * @throws NodeAvUnavailable, or the FepError of the job
 */
export async function runJob(
  order: Order,
  control: JobControl,
  onFrame: (frame: Extract<Answer, { kind: 'frame' }>) => void = () => {},
): Promise<Answer> {
  const worker = await acquire();
  controls.add(control);
  try {
    const answer = await lastAnswer(worker, { order, shared: control.shared }, onFrame);
    release(worker);
    return answer;
  } catch (error) {
    if (error instanceof FepError && error.code !== 'FEP_INTERNAL') release(worker);
    else discard(worker);
    throw error;
  } finally {
    controls.delete(control);
  }
}

async function acquire(): Promise<Worker> {
  if (busy >= MAX_WORKERS) await new Promise<void>((resolve) => waiting.push(resolve));
  else busy++;
  const worker = idle.pop() ?? new Worker(join(__dirname, 'worker.js'));
  worker.ref();
  return worker;
}

function release(worker: Worker): void {
  worker.unref();
  if (idle.length < MAX_IDLE) idle.push(worker);
  else void worker.terminate();
  handOver();
}

function discard(worker: Worker): void {
  worker.on('error', () => {});
  void worker.terminate();
  handOver();
}

/** Passes the slot to the next waiting job. */
function handOver(): void {
  const next = waiting.shift();
  if (next) next();
  else busy--;
}

function lastAnswer(
  worker: Worker,
  job: Job,
  onFrame: (frame: Extract<Answer, { kind: 'frame' }>) => void,
): Promise<Answer> {
  return new Promise<Answer>((resolve, reject) => {
    const finish = (settle: () => void) => {
      worker.off('message', onMessage).off('error', onDeath).off('exit', onDeath);
      settle();
    };
    const onMessage = (answer: Answer) => {
      if (answer.kind === 'frame') onFrame(answer);
      else if (answer.kind === 'unavailable') finish(() => reject(new NodeAvUnavailable(answer.message)));
      else if (answer.kind === 'failed') finish(() => reject(failure(answer)));
      else finish(() => resolve(answer));
    };
    const onDeath = (why: unknown) =>
      finish(() => reject(new FepError('FEP_INTERNAL', `The video thread died: ${messageOf(why)}`)));
    worker.on('message', onMessage).on('error', onDeath).on('exit', onDeath);
    worker.postMessage(job);
  });
}

function failure({ code, message, hint }: Extract<Answer, { kind: 'failed' }>): FepError {
  return new FepError(code, message, hint === undefined ? {} : { hint });
}
