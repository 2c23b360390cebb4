import { FepError } from '../errors/fepError';
import { Random } from '../numbers/random';
import { requireArray, requireInteger, requireObject, shown } from '../options/requireArguments';
import { checkCount, checkShare } from './check';

/** Options of the bootstrap. */
export interface BootstrapOptions {
  /** Confidence level in [0, 1]. Default 0.95. */
  level?: number | undefined;
  /** Number of resamples. Default 2000. */
  resamples?: number | undefined;
  /** Seed of the draws. Default 0. */
  seed?: number | undefined;
}

/** A mean with its confidence interval. */
export interface Interval {
  /** null when there are no values. */
  mean: number | null;
  /** Ends of the interval; null with fewer than two values. */
  low: number | null;
  high: number | null;
  /** Number of values. */
  n: number;
}

/**
 * The mean of the values with its percentile bootstrap interval: the values are resampled with replacement, and the
 * interval is the central `level` of the resampled means (quantiles by linear interpolation).
 *
 * The same seed resamples the same indices for lists of the same length. To compare two methods on the same clips, pass
 * the per-clip differences: overlapping intervals do not imply that the methods are equal.
 *
 * @throws FepError `FEP_USAGE` when a value is not finite or an option is out of range
 */
export function bootstrapInterval(values: ArrayLike<number>, options: BootstrapOptions = {}): Interval {
  if (!ArrayBuffer.isView(values)) requireArray(values, 'values');
  requireObject(options, 'options');
  const { level = 0.95, resamples = 2000, seed = 0 } = options;
  requireInteger(seed, 'seed', 0, Number.MAX_SAFE_INTEGER);
  checkValues(values);
  const sample = new Float64Array(values.length).map((_, i) => values[i]!);
  checkShare('confidence level', level);
  checkCount('resamples', resamples);
  const n = sample.length;
  if (n === 0) return { mean: null, low: null, high: null, n };
  if (n === 1) return { mean: sample[0]!, low: null, high: null, n };
  const means = resampledMeans(sample, resamples, new Random(seed)).sort();
  return {
    mean: mean(sample),
    low: quantile(means, (1 - level) / 2),
    high: quantile(means, (1 + level) / 2),
    n,
  };
}

function checkValues(values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    throw new FepError('FEP_USAGE', `Value ${i} is ${shown(values[i])}; expected a finite number.`, {
      hint: 'Leave out the clips for which the metric is not defined.',
    });
  }
}

function resampledMeans(values: Float64Array, resamples: number, random: Random): Float64Array {
  return new Float64Array(resamples).map(() => {
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += values[random.integer(values.length)]!;
    return sum / values.length;
  });
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** @param sorted in ascending order */
function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)]!;
  const above = sorted[Math.ceil(position)]!;
  return below + (above - below) * (position - Math.floor(position));
}
