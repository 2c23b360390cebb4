/** Those who listen to something, and what they are told. */
export class Watchers<Told extends unknown[]> {
  private readonly all = new Set<(...told: Told) => void>();

  /** @returns ends the listening */
  add(listener: (...told: Told) => void): () => void {
    this.all.add(listener);
    return () => this.all.delete(listener);
  }

  tell(...told: Told): void {
    for (const listener of this.all) listener(...told);
  }
}
