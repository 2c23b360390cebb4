/** Warning for a clip whose frames are not evenly spaced. */
export const VARIABLE_RATE_WARNING =
  'The frame rate varies: frames were chosen by their number, not by their time.';

/**
 * Whether frames are unevenly spaced in time: a gap is more than 1.5 times or less than half the median gap.
 * Rounding to a coarse clock does not count.
 *
 * @param times presentation times in any unit, ascending
 */
export function hasVariableRate(times: ArrayLike<number>): boolean {
  if (times.length < 3) return false;
  const gaps = sortedGaps(times);
  const usual = median(gaps);
  return gaps.at(-1)! > 1.5 * usual || gaps[0]! < 0.5 * usual;
}

/** Median time between consecutive frames; needs at least two frames. */
export function medianGap(times: ArrayLike<number>): number {
  return median(sortedGaps(times));
}

function sortedGaps(times: ArrayLike<number>): Float64Array {
  const gaps = new Float64Array(times.length - 1);
  for (let i = 0; i < gaps.length; i++) gaps[i] = times[i + 1]! - times[i]!;
  return gaps.sort();
}

function median(sorted: Float64Array): number {
  return sorted[sorted.length >> 1]!;
}
