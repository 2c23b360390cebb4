import { FepError } from '../errors/fepError';
import { Random } from '../numbers/random';
import {
  requireFloats,
  requireFunction,
  requireInteger,
  requireObject,
  shown,
} from '../options/requireArguments';
import { checkCount, checkMask } from './check';

/**
 * Runs a model on masked clips.
 *
 * @param masks count×T×H×W: 1 keeps a voxel, 0 perturbs it fully
 * @returns the probability of the explained class for each mask
 */
export type PredictMasked = (masks: Float32Array, count: number) => Promise<Float32Array>;

/** Whether the most important voxels are deleted first or inserted first. */
export type Mode = 'deletion' | 'insertion';

/** Options of a deletion or insertion curve. */
export interface DeletionInsertionOptions {
  /**
   * `deletion` perturbs the clip voxel by voxel, most important first; `insertion` restores a fully perturbed clip in
   * that order.
   */
  mode: Mode;
  /** Number of steps; the curve has one point more. Default 64. */
  steps?: number | undefined;
  /** Seed of the order of voxels with equal mask values. Default 0. */
  seed?: number | undefined;
}

/** A point of a deletion or insertion curve. */
export interface CurvePoint {
  /** Share of the clip's voxels deleted or inserted, in [0, 1]. */
  share: number;
  /** Probability of the explained class. */
  probability: number;
}

/** A deletion or insertion curve, and the area under it. */
export interface DeletionInsertion {
  /** Area under the curve by the trapezoidal rule, in [0, 1]. Low is good for deletion, high for insertion. */
  auc: number;
  /** steps + 1 points, from share 0 to share 1. */
  curve: CurvePoint[];
}

/**
 * Masks per call of `predict`, which blurs the clip on each call; the default number of steps fits one call: 104 MB at
 * 224²×8.
 */
const BATCH = 65;

/**
 * Deletion and insertion: how fast a model's confidence falls or rises as voxels are deleted or inserted in the order
 * that a mask ranks them.
 *
 * Voxels are ranked jointly over T·H·W (see `rankVoxels` for ties); step i of n deletes or inserts the first i/n of
 * them, rounded to the nearest voxel. `predict` decides what replaces a deleted voxel, such as black or blur.
 *
 * @param mask T×H×W in [0, 1]
 * @param predict called sequentially, with at most 65 masks per call
 * @throws FepError `FEP_SHAPE`, `FEP_USAGE`, `FEP_NUMERIC`, and whatever `predict` rejects with
 */
export async function deletionInsertion(
  mask: Float32Array,
  predict: PredictMasked,
  options: DeletionInsertionOptions,
): Promise<DeletionInsertion> {
  requireObject(options, 'options');
  const { mode, steps = 64, seed = 0 } = options;
  requireInteger(seed, 'seed', 0, Number.MAX_SAFE_INTEGER);
  checkMask(mask);
  requireFunction(predict, 'predict');
  checkMode(mode);
  checkCount('steps', steps);
  const order = rankVoxels(mask, seed);
  const shares = Array.from({ length: steps + 1 }, (_, i) => i / steps);
  const curve: CurvePoint[] = [];
  for (let first = 0; first < shares.length; first += BATCH) {
    const batch = shares.slice(first, first + BATCH);
    const probabilities = await predict(masksAt(batch, order, mode), batch.length);
    checkProbabilities(probabilities, batch.length);
    curve.push(...batch.map((share, i) => ({ share, probability: probabilities[i]! })));
  }
  return { auc: trapezoid(curve), curve };
}

/**
 * The voxels of a clip from the highest mask value to the lowest, over all frames jointly.
 *
 * Voxels with equal values are shuffled by the seed. In memory order the first frames and the upper rows would always
 * come first, and a constant mask would appear to rank them.
 *
 * @returns T·H·W voxel indices
 */
function rankVoxels(mask: Float32Array, seed: number): Uint32Array {
  const order = Uint32Array.from(mask.keys());
  new Random(seed).shuffle(order);
  return order.sort((a, b) => mask[b]! - mask[a]!);
}

/** One mask per share, with that share of the ranked voxels deleted or inserted. */
function masksAt(shares: number[], order: Uint32Array, mode: Mode): Float32Array {
  const size = order.length;
  const [before, after] = mode === 'deletion' ? [1, 0] : [0, 1];
  const masks = new Float32Array(shares.length * size).fill(before);
  for (const [i, share] of shares.entries()) {
    for (const voxel of order.subarray(0, Math.round(share * size))) masks[i * size + voxel] = after;
  }
  return masks;
}

function checkMode(mode: string): void {
  if (mode === 'deletion' || mode === 'insertion') return;
  throw new FepError('FEP_USAGE', `The mode is ${shown(mode)}; expected deletion or insertion.`);
}

function checkProbabilities(probabilities: Float32Array, count: number): void {
  requireFloats(probabilities, 'what predict returns');
  if (probabilities.length !== count) {
    throw new FepError('FEP_SHAPE', `predict returned ${probabilities.length} values for ${count} masks.`, {
      hint: 'Return the probability of the explained class for each mask.',
    });
  }
  const wrong = probabilities.find((probability) => !Number.isFinite(probability));
  if (wrong === undefined) return;
  throw new FepError('FEP_NUMERIC', `predict returned ${wrong}; expected a probability.`);
}

function trapezoid(curve: CurvePoint[]): number {
  return curve.slice(1).reduce((sum, right, i) => {
    const left = curve[i]!;
    return sum + ((right.share - left.share) * (left.probability + right.probability)) / 2;
  }, 0);
}
