/** An area that was tried. */
export interface TriedArea {
  /** Its budget. */
  area: number;
  /** Of its mask, a share of the frame. */
  size: number;
  /** Whether its mask keeps as much of the class's probability as was asked for. */
  keeps: boolean;
}

/** Two budgets that differ by less are one. */
const CLOSE = 1.15;
/** A budget of half the size is worth a try as long as the last one made the mask smaller by this factor. */
const SHRINKS = 0.85;

/**
 * Which area to try next, and from which one's mask: half the smallest that keeps the class until one does not, twice
 * the largest until one does, then between the two, by bisection on a logarithmic scale.
 *
 * @param most the largest area that there can be
 * @returns undefined where the smallest area is known, or halving the budget no longer makes the mask smaller
 */
export function nextArea<Tried extends TriedArea>(
  tries: readonly Tried[],
  most = 1,
): { area: number; from: Tried } | undefined {
  const byArea = [...tries].sort((one, other) => one.area - other.area);
  const [good, before] = byArea.filter(({ keeps }) => keeps);
  const bad = byArea.findLast(({ keeps, area }) => !keeps && (!good || area < good.area));
  if (!good) return bad && bad.area < most ? { area: Math.min(2 * bad.area, most), from: bad } : undefined;
  if (bad) {
    return good.area > CLOSE * bad.area ? { area: Math.sqrt(good.area * bad.area), from: good } : undefined;
  }
  const stopped = before && good.size >= SHRINKS * before.size;
  return stopped ? undefined : { area: good.area / 2, from: good };
}
