import type { BoxMask } from '../datasets/types';
import { requireObject } from '../options/requireArguments';
import { consistency, STC_THRESHOLDS } from './consistency';
import { consistencyAtArea, STC_AREAS } from './consistencyAtArea';
import { type DeletionInsertionOptions, deletionInsertion, type PredictMasked } from './deletionInsertion';
import { dropInConfidence } from './dropInConfidence';
import type { Overlap } from './overlap';
import { pointingGame } from './pointingGame';
import { realisedArea, realisedAreaAtHalf } from './realisedArea';

/** A mask, and what is known of its clip. */
export interface ScoreInput {
  /** T×H×W in [0, 1]. */
  mask: Float32Array;
  /** null when the clip has no boxes. */
  boxes: BoxMask | null;
  /** Φ_y(X) and Φ_y(M ⊗ X), where y is the class that the model predicts on X. */
  probability: { original: number; explained: number };
  /** Index of the most probable class on M ⊗ X. */
  predictedExplained: number;
  /** Index of the true class; null when the model does not have it. */
  labelIndex: number | null;
  /** Probability of y on masked clips; without it deletion and insertion are not measured. */
  predict?: PredictMasked | undefined;
  /** Steps of deletion and insertion. Default 64. */
  steps?: number | undefined;
  /** Seed of the order of ties in deletion and insertion. Default 0. */
  seed?: number | undefined;
}

/** The overlap measures of STC. */
export type OverlapName = `stc${'Recall' | 'Precision' | 'Iou'}`;
/** Thresholds of the sweep, in %. */
export type ThresholdName = `Tau${10 | 20 | 30 | 40 | 50 | 60 | 70 | 80 | 90}`;
/** Matched areas, in %. */
export type AreaName = `Area${5 | 10 | 20}`;

/**
 * STC under flat names: `stcRecall` at τ = 0.5, `stcRecallTau30` at τ = 0.3, `stcRecallArea5` at 5 % of the voxels;
 * likewise for `stcPrecision` and `stcIou`. All are null without boxes, and in the cases that `Overlap` lists.
 */
export type ConsistencyScores = Record<
  OverlapName | `${OverlapName}${ThresholdName | AreaName}`,
  number | null
>;

/** Every metric of one mask, as one row of a table. A metric that is not defined for the clip is null. */
export interface MaskScores extends ConsistencyScores {
  /** DC, absolute and relative. */
  dc: number;
  dcRelative: number | null;
  /** Whether the model predicts the true class on M ⊗ X; the mean over clips is Acc. */
  correct: boolean | null;
  /** Rate of the pointing game. */
  pointing: number | null;
  realisedArea: number;
  realisedAreaAtHalf: number;
  /** Area under the curve. */
  deletion: number | null;
  insertion: number | null;
  /** Probabilities of y at the shares 0, 1/n, … 1. */
  deletionCurve: number[] | null;
  insertionCurve: number[] | null;
}

/**
 * Scores one mask by every metric.
 *
 * @throws FepError `FEP_SHAPE`, `FEP_USAGE`, `FEP_NUMERIC`, and whatever `predict` rejects with
 */
export async function scoreMask(input: ScoreInput): Promise<MaskScores> {
  requireObject(input, 'input');
  const { mask, boxes, probability, predictedExplained, labelIndex } = input;
  requireObject(probability, 'probability');
  const drop = dropInConfidence(probability.original, probability.explained);
  const deletion = await scoreCurve(input, 'deletion');
  const insertion = await scoreCurve(input, 'insertion');
  return {
    dc: drop.absolute,
    dcRelative: drop.relative,
    correct: labelIndex === null ? null : predictedExplained === labelIndex,
    ...scoreConsistency(mask, boxes),
    pointing: boxes && pointingGame(mask, boxes).rate,
    realisedArea: realisedArea(mask),
    realisedAreaAtHalf: realisedAreaAtHalf(mask),
    deletion: deletion.auc,
    insertion: insertion.auc,
    deletionCurve: deletion.probabilities,
    insertionCurve: insertion.probabilities,
  };
}

/** A deletion or insertion curve as the fields of a row. */
async function scoreCurve(
  { mask, predict, steps, seed }: ScoreInput,
  mode: DeletionInsertionOptions['mode'],
) {
  if (!predict) return { auc: null, probabilities: null };
  const { auc, curve } = await deletionInsertion(mask, predict, { mode, steps, seed });
  return { auc, probabilities: curve.map(({ probability }) => probability) };
}

/** The overlap of a clip without boxes. */
const UNKNOWN: Overlap = { recall: null, precision: null, iou: null };

function scoreConsistency(mask: Float32Array, boxes: BoxMask | null): ConsistencyScores {
  const scores = [
    named('', boxes ? consistency(mask, boxes) : UNKNOWN),
    ...STC_THRESHOLDS.map((threshold) =>
      named(`Tau${inPercent(threshold)}`, boxes ? consistency(mask, boxes, threshold) : UNKNOWN),
    ),
    ...STC_AREAS.map((area) =>
      named(`Area${inPercent(area)}`, boxes ? consistencyAtArea(mask, boxes, area) : UNKNOWN),
    ),
  ];
  return Object.assign({}, ...scores);
}

function named(suffix: string, { recall, precision, iou }: Overlap): Record<string, number | null> {
  return { [`stcRecall${suffix}`]: recall, [`stcPrecision${suffix}`]: precision, [`stcIou${suffix}`]: iou };
}

function inPercent(share: number): number {
  return Math.round(100 * share);
}
