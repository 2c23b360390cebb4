import { ModelProcess, type ProcessLimits } from './modelProcess';

/**
 * The models that are loaded: at most so many, the one that was asked longest ago making room. More than that are loaded only
 * as long as all of them are at work.
 */
export class ModelPool {
  /** In the order in which they were last asked. */
  private readonly processes = new Map<string, ModelProcess>();

  constructor(
    private readonly most: number,
    private readonly limits: ProcessLimits,
  ) {}

  /** The process of a model, started where there is none. Ask it before anything else is waited for: it may have to make room. */
  of(model: string): ModelProcess {
    const known = this.processes.get(model);
    const process = known && !known.isEnded ? known : this.begin(model);
    this.processes.delete(model);
    this.processes.set(model, process);
    this.makeRoom(process);
    return process;
  }

  dispose(): void {
    for (const process of this.processes.values()) process.dispose();
    this.processes.clear();
  }

  private begin(model: string): ModelProcess {
    // Not at once: whoever waited for the model to be loaded now asks it, and it is at work again.
    return new ModelProcess(model, this.limits, () => setImmediate(() => this.makeRoom()));
  }

  /** A model that is at work is never ended for another one. */
  private makeRoom(keep?: ModelProcess): void {
    for (const [model, process] of this.processes) if (process.isEnded) this.processes.delete(model);
    for (const [model, process] of this.processes) {
      if (this.processes.size <= this.most) return;
      if (process === keep || process.isBusy) continue;
      process.dispose();
      this.processes.delete(model);
    }
  }
}
