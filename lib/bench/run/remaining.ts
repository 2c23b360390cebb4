import type { Item } from './items';

/**
 * How long a bench will take, from how long each method took so far: methods differ a thousandfold, so the mean over
 * items would mislead until the last clip.
 */
export class RemainingTime {
  private readonly seconds = new Map<string, { sum: number; count: number }>();

  /** Seconds that an item took. */
  add(model: string, method: string, seconds: number): void {
    const key = JSON.stringify([model, method]);
    const { sum, count } = this.seconds.get(key) ?? { sum: 0, count: 0 };
    this.seconds.set(key, { sum: sum + seconds, count: count + 1 });
  }

  /**
   * Seconds for some items; one whose method has not run on its model takes what the method took on others, or the
   * mean of all.
   *
   * @returns null when nothing has run yet
   */
  of(items: readonly Pick<Item, 'model' | 'method'>[]): number | null {
    if (this.seconds.size === 0) return null;
    const guesses = new Map<string, number>();
    return items.reduce((sum, { model, method: { label } }) => {
      const key = JSON.stringify([model, label]);
      const guess = guesses.get(key) ?? this.guess(model, label);
      guesses.set(key, guess);
      return sum + guess;
    }, 0);
  }

  private guess(model: string, method: string): number {
    const known = this.seconds.get(JSON.stringify([model, method]));
    if (known) return known.sum / known.count;
    const elsewhere = [...this.seconds].filter(([key]) => JSON.parse(key)[1] === method);
    const all = elsewhere.length > 0 ? elsewhere : [...this.seconds];
    const means = all.map(([, { sum, count }]) => sum / count);
    return means.reduce((sum, mean) => sum + mean, 0) / means.length;
  }
}
