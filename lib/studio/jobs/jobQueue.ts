import { METHOD_LABELS, type Method } from '../../methods/methods';
import type { ExplainOptions } from '../../methods/options';
import { DEFAULT_METHOD, parseExplainOptions } from '../../methods/options';
import type { RunRequest } from '../api';
import type { ClipLibrary } from '../clips/clipLibrary';
import { problemOf, Refusal } from '../http/problem';
import type { ModelLibrary } from '../models/modelLibrary';
import type { ModelPool } from '../models/modelPool';
import type { RunRecord } from '../runs/record';
import type { RunFolder } from '../runs/runFolder';
import { runTitle } from '../runs/runTitle';
import { newId } from '../security/secrets';
import { Job } from './job';
import { Watchers } from './watchers';

/** What the queue works with. */
export interface QueueParts {
  clips: ClipLibrary;
  models: ModelLibrary;
  pool: ModelPool;
  runs: RunFolder;
  /** Runs that may wait or be at work. */
  most: number;
}

/** Runs that wait or are at work: one at a time for each model, models side by side. */
export class JobQueue {
  /** Told of the id of every run that changes. */
  readonly changes = new Watchers<[string]>();
  private readonly jobs = new Map<string, Job>();
  /** The end of the last run of each model. */
  private readonly tails = new Map<string, Promise<void>>();
  /** Runs that were asked for, of which the clip and the model are being looked for: they count. */
  private arriving = 0;
  private closed = false;

  constructor(private readonly parts: QueueParts) {}

  /** @throws FepError `FEP_USAGE` for wrong options; Refusal 404 for a clip or a model that is not there, 429 for too many */
  async add(request: RunRequest, page: string | undefined): Promise<Job> {
    const { clips, models, runs, most } = this.parts;
    const waiting = this.jobs.size + this.arriving;
    if (waiting >= most)
      throw new Refusal(429, `${waiting} runs wait or are at work.`, 'Wait for one, or cancel some.');
    requireOneArea(parseExplainOptions(request.options));
    this.arriving++;
    try {
      const clip = await clips.locate(request.clip.source);
      const model = await models.locate(request.model);
      const job = new Job(newId(), recordOf(request, { clip, model }), clip, model, page);
      await runs.create(job.id, job.record);
      this.jobs.set(job.id, job);
      this.enqueue(job);
      return job;
    } finally {
      this.arriving--;
    }
  }

  get(id: string): Job | undefined {
    return this.jobs.get(id);
  }

  all(): Job[] {
    return [...this.jobs.values()];
  }

  /** How many runs of the same model come first. */
  before(job: Job): number {
    const same = this.all().filter(({ model }) => model === job.model);
    return job.record.state === 'queued' ? same.indexOf(job) : 0;
  }

  /** Ends a run; with `keep` its mask is kept as it is. Nothing happens to one that has ended. */
  end(id: string, { keep }: { keep: boolean }): void {
    const job = this.jobs.get(id);
    if (!job || job.ending === 'cancelled') return;
    job.ending = keep ? 'stopped' : 'cancelled';
    job.stop?.(keep);
  }

  /** Ends everything; what was at work is marked as interrupted when the folder is opened again. */
  close(): void {
    this.closed = true;
    this.parts.pool.dispose();
  }

  private enqueue(job: Job): void {
    const before = this.tails.get(job.model) ?? Promise.resolve();
    const after = before.then(() => this.run(job));
    this.tails.set(job.model, after);
    this.changes.tell(job.id);
  }

  private async run(job: Job): Promise<void> {
    if (this.closed) return;
    const end = await this.outcome(job);
    if (this.closed) return;
    await this.finish(job, end);
    this.jobs.delete(job.id);
    job.ends.tell();
    this.changes.tell(job.id);
  }

  private async outcome(job: Job): Promise<Partial<RunRecord>> {
    if (job.ending) return { state: 'cancelled' };
    try {
      await this.change(job, { state: 'running' });
      this.changes.tell(job.id);
      const { result, stopped } = await this.explain(job);
      return { state: stopped ? 'stopped' : 'done', result };
    } catch (error) {
      const problem = problemOf(error);
      const isLost = job.ending === 'stopped' && problem.code === 'FEP_IO'; // its mask, which was to be kept
      return job.ending && !isLost ? { state: 'cancelled' } : { state: 'failed', problem };
    }
  }

  private async explain(job: Job) {
    const process = this.parts.pool.of(job.model);
    await process.facts;
    const { start, end } = job.record.request!.clip;
    const ask = {
      clip: { where: job.clip, start, end },
      options: job.record.request!.options as ExplainOptions,
      folder: this.parts.runs.pathOf(job.id),
    };
    return process.ask('explain', ask, {
      onProgress: (progress, mask) => job.tell(progress, mask),
      onStart: (stop) => {
        job.stop = stop;
        if (job.ending) stop(job.ending === 'stopped'); // while the model was loaded
      },
    });
  }

  /** Changes the record of a run that waits or is at work; whoever else wrote it meanwhile would undo its state. */
  change(job: Job, change: Partial<RunRecord>): Promise<void> {
    job.record = { ...job.record, ...change };
    return this.written(job, () => this.parts.runs.write(job.id, job.record));
  }

  /** A disk that takes no record ends no other run, and this one is not at work for ever. */
  private finish(job: Job, end: Partial<RunRecord>): Promise<void> {
    job.record = { ...job.record, ...end };
    const lost = (error: unknown) => {
      if (job.record.problem === null && job.record.state !== 'cancelled')
        job.record = { ...job.record, state: 'failed', problem: problemOf(error) };
      return job.record;
    };
    return this.written(job, () => this.parts.runs.keep(job.id, job.record, lost));
  }

  /** Writes a job's record once all earlier writes of it have ended. */
  private written(job: Job, write: () => Promise<void>): Promise<void> {
    job.written = job.written.catch(() => undefined).then(write);
    return job.written;
  }
}

function recordOf(request: RunRequest, located: RunRecord['located']): RunRecord {
  const { method = DEFAULT_METHOD, target } = request.options;
  return {
    title: request.title ?? runTitle(String(target ?? 'predicted class'), METHOD_LABELS[method as Method]),
    state: 'queued',
    created: new Date().toISOString(),
    request,
    located,
    result: null,
    problem: null,
  };
}

function requireOneArea({ area }: { area?: unknown }): void {
  if (!Array.isArray(area) || area.length === 1) return;
  throw new Refusal(400, 'A run of the studio has one area.', 'Start one run for each, and compare them.');
}
