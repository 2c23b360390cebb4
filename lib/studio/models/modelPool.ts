import { ModelProcess } from './modelProcess';

/** The models that are loaded: at most so many, the one that was asked longest ago making room. */
export class ModelPool {
  /** In the order in which they were last asked. */
  private readonly processes = new Map<string, ModelProcess>();

  constructor(
    private readonly most: number,
    private readonly memoryLimit: number,
  ) {}

  /** The process of a model, started where there is none. */
  of(model: string): ModelProcess {
    const known = this.processes.get(model);
    const process = known && !known.isEnded ? known : new ModelProcess(model, this.memoryLimit);
    this.processes.delete(model);
    this.processes.set(model, process);
    this.makeRoom(process);
    return process;
  }

  dispose(): void {
    for (const process of this.processes.values()) process.dispose();
    this.processes.clear();
  }

  /** A model that is at work is never ended for another one. */
  private makeRoom(keep: ModelProcess): void {
    for (const [model, process] of this.processes) {
      if (this.processes.size <= this.most) return;
      if (process === keep || process.isBusy) continue;
      process.dispose();
      this.processes.delete(model);
    }
  }
}
