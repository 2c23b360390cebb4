import { FepError } from '../errors/fepError';
import {
  requireFloats,
  requireFunction,
  requireInteger,
  requireObject,
  shown,
} from '../options/requireArguments';
import { checkCount, checkMask } from './check';
import { rankVoxels } from './rankVoxels';

/**
 * Shows a model masked clips.
 *
 * @param masks count×T×H×W: 1 keeps a voxel, 0 perturbs it fully
 * @returns for each mask the probability of the class that is explained
 */
export type PredictMasked = (masks: Float32Array, count: number) => Promise<Float32Array>;

/** Whether the most important voxels go first or come first. */
export type Mode = 'deletion' | 'insertion';

/** Which curve, and in how many steps. */
export interface DeletionInsertionOptions {
  /** `deletion` perturbs the clip from its most important voxel on, `insertion` reveals the perturbed clip so. */
  mode: Mode;
  /** Steps from the one end to the other; the model sees one mask more. Default 64. */
  steps?: number | undefined;
  /** Decides the order of voxels of equal mask value. Default 0. */
  seed?: number | undefined;
}

/** A point of a deletion or insertion curve. */
export interface CurvePoint {
  /** Share of the clip's voxels that were deleted or inserted, in [0, 1]. */
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

/** Masks in one call of `predict`: the default steps at once, as a call makes its blurred clip anew; 104 MB at 224²×8. */
const BATCH = 65;

/**
 * Deletion and insertion: how fast a model's confidence goes, or comes, along the ranking that a mask gives.
 *
 * Voxels are ranked jointly over T·H·W (see `rankVoxels` for ties); at step i of n the first i/n of them, to the
 * nearest voxel, are deleted or inserted. What deleting means, black or blur, is up to `predict`.
 *
 * @param mask T×H×W in [0, 1]
 * @param predict called with at most 65 masks at a time, one call after the other
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
    const some = shares.slice(first, first + BATCH);
    const probabilities = await predict(masksAt(some, order, mode), some.length);
    checkAnswer(probabilities, some.length);
    curve.push(...some.map((share, i) => ({ share, probability: probabilities[i]! })));
  }
  return { auc: trapezoid(curve), curve };
}

/** One mask for each share: that share of the ranking deleted or inserted. */
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

function checkAnswer(probabilities: Float32Array, count: number): void {
  requireFloats(probabilities, 'what predict gives');
  if (probabilities.length !== count) {
    throw new FepError('FEP_SHAPE', `predict gave ${probabilities.length} values for ${count} masks.`, {
      hint: 'Return one probability for each mask: that of the explained class.',
    });
  }
  const wrong = probabilities.find((probability) => !Number.isFinite(probability));
  if (wrong === undefined) return;
  throw new FepError('FEP_NUMERIC', `predict gave ${wrong}; expected a probability.`);
}

function trapezoid(curve: CurvePoint[]): number {
  return curve.slice(1).reduce((sum, right, i) => {
    const left = curve[i]!;
    return sum + ((right.share - left.share) * (left.probability + right.probability)) / 2;
  }, 0);
}
