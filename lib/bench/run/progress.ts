import type { BenchProgress } from '../settings/types';
import type { Item } from './items';
import { type BenchRecord, itemKey } from './record';
import { RemainingTime } from './remaining';

/** Follows a run through its items and tells how far it is. */
export class ProgressMeter {
  private readonly remaining = new RemainingTime();
  private readonly left: Item[];
  private current: { item: Item; start: number; seconds: number | null; rest: number | null } | undefined;

  /** @param open what is left to do, in its order */
  constructor(
    private readonly total: number,
    open: readonly Item[],
    earlier: readonly BenchRecord[],
    private readonly report: ((progress: BenchProgress) => void) | undefined,
  ) {
    this.left = [...open];
    for (const { model, method, timing } of earlier) {
      this.remaining.add(model, method, timing.seconds + timing.scoringSeconds);
    }
  }

  /** The next of the open items is under way. */
  begin(item: Item): void {
    const seconds = this.remaining.of([item]);
    const rest = this.remaining.of(this.left.slice(1));
    this.current = { item, start: performance.now(), seconds, rest };
    this.at(0);
  }

  /** So much of it is done. */
  at(fraction: number): void {
    if (!this.current) return;
    const { item, seconds, rest } = this.current;
    this.report?.({
      done: this.total - this.left.length,
      total: this.total,
      fraction,
      model: item.model,
      sample: item.sample.id,
      method: item.method.label,
      secondsLeft: seconds === null || rest === null ? null : (1 - fraction) * seconds + rest,
    });
  }

  /** It is finished, one way or the other. */
  finish(): void {
    if (!this.current) return;
    const { item, start } = this.current;
    this.remaining.add(item.model, item.method.label, (performance.now() - start) / 1000);
    this.left.shift();
    this.current = { ...this.current, seconds: 0, rest: this.remaining.of(this.left) };
    this.at(1);
    this.current = undefined;
  }
}

/** The items that no record is there for. */
export function openItems(items: readonly Item[], records: readonly BenchRecord[]): Item[] {
  const done = new Set(records.map(itemKey));
  return items.filter(
    ({ model, place, method }) => !done.has(itemKey({ model, place, method: method.label })),
  );
}
