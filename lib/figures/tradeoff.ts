import type { BoxMask } from '../datasets/types';
import type { Explanation, MaskExplanation } from '../explain/types';
import { consistencyAtArea } from '../metrics/consistencyAtArea';
import type { Overlap } from '../metrics/overlap';
import type { Prediction } from '../model/videoModel';
import { frameCorrelation } from './frameCorrelation';
import type { Run } from './runs';

/** The matched area at which masks are compared. */
export const MATCHED_AREA = 0.1;

/** The interpretability and faithfulness of one method's mask. */
export interface TradeoffPoint {
  name: string;
  ratios: { lowRatio: number; highRatio: number } | null;
  /** The faithfulness: Φ_y(M ⊗ X), in [0, 1]. */
  probability: number;
  /** The most probable class on M ⊗ X. */
  predicted: Prediction;
  realisedArea: number;
  /** STC@10 %; null without boxes. */
  consistency: Overlap | null;
  /** Correlation of the mask's consecutive frames, see `frameCorrelation`. */
  frameCorrelation: number | null;
  /** Mean of |∂M/∂x| + |∂M/∂y| + |∂M/∂t| over neighbouring voxels. */
  totalVariation: number;
  mask: Float32Array;
}

/** Interpretability against faithfulness for several r_l. */
export interface Tradeoff {
  /** The measure of interpretability: the recall of STC@10 %, or without boxes the frame correlation. */
  interpretability: 'recall' | 'frame-correlation';
  target: Explanation['target'];
  points: TradeoffPoint[];
}

/** Fig. 3: interpretability against faithfulness, one point per run. */
export function measureTradeoff(
  runs: readonly Run[],
  clip: { frames: number; height: number; width: number },
  boxes: BoxMask | null,
): Tradeoff {
  return {
    interpretability: boxes?.annotated.some(Boolean) ? 'recall' : 'frame-correlation',
    target: runs[0]!.explanation.target,
    points: runs.map((run) => {
      const mask = run.explanation.masks[0]!;
      return { ...nameOf(run), ...scoresOf(mask, clip, boxes), mask: mask.mask };
    }),
  };
}

/** The interpretability of a point, in the trade-off's measure. */
export function interpretabilityOf(point: TradeoffPoint, { interpretability }: Tradeoff): number {
  return (interpretability === 'recall' ? point.consistency?.recall : point.frameCorrelation) ?? 0;
}

function nameOf({ config: { modulation } }: Run) {
  if (modulation === null) return { name: '3D-EP', ratios: null };
  const { lowRatio, highRatio } = modulation;
  const name = `F-EP ${short(lowRatio)}/${short(highRatio)}`;
  return { name, ratios: { lowRatio, highRatio } };
}

function short(ratio: number): string {
  return String(Number(ratio.toFixed(3)));
}

function scoresOf(
  { mask, probability, predicted, realisedArea }: MaskExplanation,
  { frames, height, width }: { frames: number; height: number; width: number },
  boxes: BoxMask | null,
) {
  return {
    probability: probability.explained,
    predicted,
    realisedArea,
    consistency: boxes?.annotated.some(Boolean) ? consistencyAtArea(mask, boxes, MATCHED_AREA) : null,
    frameCorrelation: frameCorrelation(mask, frames),
    totalVariation: totalVariation(mask, [frames, height, width]),
  };
}

/** The mean absolute difference of neighbouring voxels, summed over the three axes. */
export function totalVariation(mask: Float32Array, shape: readonly [number, number, number]): number {
  const [, height, width] = shape;
  const strides = [height * width, width, 1];
  let total = 0;
  for (const [axis, stride] of strides.entries()) {
    const length = shape[axis]!;
    let [sum, pairs] = [0, 0];
    for (let i = 0; i < mask.length; i++) {
      if (Math.floor(i / stride) % length === length - 1) continue;
      sum += Math.abs(mask[i + stride]! - mask[i]!);
      pairs++;
    }
    total += pairs > 0 ? sum / pairs : 0;
  }
  return total;
}
