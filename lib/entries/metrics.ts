/**
 * fep-native/metrics: what a mask is worth. Every metric is a function of its own; `scoreMask` computes all of them.
 */
export { type BootstrapOptions, bootstrapInterval, type Interval } from '../metrics/bootstrapInterval';
export {
  type ConsistencyAtThreshold,
  consistency,
  consistencySweep,
  STC_THRESHOLDS,
} from '../metrics/consistency';
export { consistencyAtArea, STC_AREAS } from '../metrics/consistencyAtArea';
export {
  type CurvePoint,
  type DeletionInsertion,
  type DeletionInsertionOptions,
  deletionInsertion,
  type Mode,
  type PredictMasked,
} from '../metrics/deletionInsertion';
export { type DropInConfidence, dropInConfidence } from '../metrics/dropInConfidence';
export { keepTopVoxels } from '../metrics/keepTopVoxels';
export { oracleMask } from '../metrics/oracleMask';
export type { Overlap } from '../metrics/overlap';
export { type PointingGame, pointingGame } from '../metrics/pointingGame';
export { realisedArea, realisedAreaAtHalf } from '../metrics/realisedArea';
export {
  type AreaName,
  type ConsistencyScores,
  type MaskScores,
  type OverlapName,
  type ScoreInput,
  scoreMask,
  type ThresholdName,
} from '../metrics/score';
