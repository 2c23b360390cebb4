/** The first item of every class, then the second of every class, and so on. */
export function roundRobin<Labelled extends { label: string }>(items: readonly Labelled[]): Labelled[] {
  const counts = new Map<string, number>();
  const rounds: Labelled[][] = [];
  for (const item of items) {
    const round = counts.get(item.label) ?? 0;
    counts.set(item.label, round + 1);
    rounds[round] ??= [];
    rounds[round].push(item);
  }
  return rounds.flat();
}
