/**
 * A small seeded random number generator (sfc32).
 *
 * It uses only integer arithmetic: the same key gives the same sequence on every machine.
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  /** @param key unsigned 32-bit integers; different keys give independent sequences */
  constructor(...key: number[]) {
    let hash = 0x9e3779b9;
    for (const word of key) hash = scramble(hash ^ scramble(word >>> 0));
    this.a = scramble(hash ^ 0x243f6a88);
    this.b = scramble(hash ^ 0x85a308d3);
    this.c = scramble(hash ^ 0x13198a2e);
    for (let i = 0; i < 12; i++) this.next();
  }

  /** The next unsigned 32-bit integer. */
  private next(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    return sum >>> 0;
  }

  /** A number in [low, high). */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * (this.next() / 4294967296);
  }

  /** An integer in 0 … count − 1. */
  integer(count: number): number {
    return Math.floor(this.uniform(0, count));
  }

  /** A random item. */
  pick<T>(items: readonly T[]): T {
    return items[this.integer(items.length)] as T;
  }

  /** Shuffles an array in place; every order is equally likely (Fisher–Yates). */
  shuffle(array: Uint32Array): void {
    for (let last = array.length - 1; last > 0; last--) {
      const other = this.integer(last + 1);
      [array[last], array[other]] = [array[other]!, array[last]!];
    }
  }
}

/** Mixes the bits of a 32-bit integer (the finaliser of MurmurHash3). */
function scramble(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
