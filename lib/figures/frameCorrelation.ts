/**
 * The similarity of consecutive frames of T×H×W values: the mean over t of Pearson's correlation, over H×W, of frames t
 * and t + 1, in [−1, 1]. Pairs with a constant frame are skipped.
 *
 * @returns null when no pair of frames has a correlation
 */
export function frameCorrelation(values: ArrayLike<number>, frames: number): number | null {
  const pixels = values.length / frames;
  const found: number[] = [];
  for (let t = 0; t + 1 < frames; t++) {
    const correlation = pearson(values, t * pixels, (t + 1) * pixels, pixels);
    if (Number.isFinite(correlation)) found.push(correlation);
  }
  return found.length > 0 ? found.reduce((sum, value) => sum + value, 0) / found.length : null;
}

/** Pearson's correlation of the `count` values from a and from b; NaN if one side is constant. */
function pearson(values: ArrayLike<number>, a: number, b: number, count: number): number {
  const [meanA, meanB] = [meanOf(values, a, count), meanOf(values, b, count)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const [da, db] = [values[a + i]! - meanA, values[b + i]! - meanB];
    ab += da * db;
    aa += da * da;
    bb += db * db;
  }
  return ab / Math.sqrt(aa * bb);
}

function meanOf(values: ArrayLike<number>, from: number, count: number): number {
  let sum = 0;
  for (let i = from; i < from + count; i++) sum += values[i]!;
  return sum / count;
}
