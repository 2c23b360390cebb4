import type { JobQueue } from './jobQueue';

/** Which pages are open. A page that has been gone for a while takes its runs with it. */
export class Presence {
  private readonly open = new Map<string, number>();
  private readonly leaving = new Map<string, NodeJS.Timeout>();

  /** @param seconds how long a page may be gone */
  constructor(
    private readonly queue: JobQueue,
    private readonly seconds: number,
  ) {}

  /** @returns says that the page is gone */
  arrive(page: string): () => void {
    clearTimeout(this.leaving.get(page));
    this.leaving.delete(page);
    this.open.set(page, (this.open.get(page) ?? 0) + 1);
    return () => this.leave(page);
  }

  close(): void {
    for (const timer of this.leaving.values()) clearTimeout(timer);
  }

  private leave(page: string): void {
    const left = (this.open.get(page) ?? 1) - 1;
    this.open.set(page, left);
    if (left > 0) return;
    this.open.delete(page);
    const timer = setTimeout(() => this.endRunsOf(page), this.seconds * 1000);
    timer.unref();
    this.leaving.set(page, timer);
  }

  private endRunsOf(page: string): void {
    this.leaving.delete(page);
    for (const job of this.queue.all()) if (job.page === page) this.queue.end(job.id, { keep: true });
  }
}
