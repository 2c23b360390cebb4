/** The first item of every class, then the second of every class, and so on. */
export function inTurns<Labelled extends { label: string }>(items: readonly Labelled[]): Labelled[] {
  const earlier = new Map<string, number>();
  const turns: Labelled[][] = [];
  for (const item of items) {
    const turn = earlier.get(item.label) ?? 0;
    earlier.set(item.label, turn + 1);
    turns[turn] ??= [];
    turns[turn].push(item);
  }
  return turns.flat();
}
