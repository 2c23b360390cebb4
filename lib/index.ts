/**
 * fep-native: shows why a video model decided what it decided.
 *
 * `loadModel` → `readClip` → `explain` → `saveExplanation`.
 */
export { type AblateCallOptions, type AblateResult, ablate } from './ablate/ablate';
export type { Cell, Domain } from './ablate/cells';
export { type AblateOptions, ablateOptionsSchema } from './ablate/options';
export type { PerSample } from './ablate/perSample';
export type { Selection } from './ablate/select';
export { type BenchCallOptions, type BenchResult, bench } from './bench/bench';
export type { KeepClips } from './bench/keepClips';
export { mergeBenches } from './bench/merge';
export { type BenchOptions, benchOptionsSchema } from './bench/options';
export type { BenchProgress } from './bench/progress';
export type { BenchFailure, BenchRecord, BenchTiming, LastEnergy, MaskRecord } from './bench/record';
export type { Shard } from './bench/shard';
export type { ReadOptions } from './clip/options';
export { type ReadClipOptions, readClip } from './clip/readClip';
export { type ReadFramesOptions, readFrames } from './clip/readFrames';
export type { Clip, FrameStack } from './clip/types';
export {
  type CompareCallOptions,
  type ComparedMethod,
  type CompareProgress,
  type CompareSubject,
  type Comparison,
  compare,
} from './compare/compare';
export { comparisonDocument } from './compare/comparisonDocument';
export { type CompareOptions, compareOptionsSchema } from './compare/options';
export { COMPARISON_SCHEMA_VERSION, type SavedComparison, saveComparison } from './compare/saveComparison';
export {
  isMaskMethod,
  MASK_METHODS,
  type MaskMethod,
  METHOD_LABELS,
  METHODS,
  type Method,
  SALIENCY_METHODS,
  type SaliencyMethod,
} from './config/methods';
export { type ExplainOptions, explainOptionsSchema } from './config/options';
export type { Fade, PerturbationName } from './config/perturbation';
export { PRESETS, type Preset } from './config/presets';
export { type ExplainConfig, type MaskConfig, type Modulation, resolveConfig } from './config/resolve';
export type { SaliencyConfig } from './config/saliency';
export { openDataset } from './datasets/open';
export type { DatasetOptions, SetDifficulty } from './datasets/options';
export type { DatasetPart, SampleOrigin } from './datasets/origin';
export {
  type Box,
  type Difficulty,
  type DifficultyName,
  SYNTHETIC_CLASSES,
  type SynthesisOptions,
  type SyntheticClip,
  synthesize,
} from './datasets/synthetic';
export type { AnnotatedClip, BoxMask, Dataset, DatasetProblem, Sample } from './datasets/types';
export type { Check, DoctorOptions } from './doctor/check';
export { examine } from './doctor/examine';
export { FepError, type FepErrorCode, type FepErrorOptions } from './errors';
export {
  type ExplainCallOptions,
  type ExplainProgress,
  type Explanation,
  explain,
  type MaskExplanation,
} from './explain/explain';
export { explainAll } from './explain/explainAll';
export {
  RESULT_SCHEMA_VERSION,
  type SavedExplanation,
  type SaveOptions,
  saveExplanation,
} from './explain/saveExplanation';
export { viewerDocument } from './explain/viewerDocument';
export type { Band, Ratios } from './figures/bands';
export type { Shape3 } from './figures/dct';
export type { Departure } from './figures/departure';
export { type FigureCallOptions, type Figures, measureFigures } from './figures/figures';
export type { GradientMap, GradientMaps } from './figures/gradientMaps';
export type { FigureName, FigureOptions } from './figures/options';
export type { ModulatedConfig } from './figures/runs';
export type { Spectra } from './figures/spectra';
export type { Spectrum } from './figures/spectrum';
export type { Tradeoff, TradeoffPoint } from './figures/tradeoff';
export { FIGURES_SCHEMA_VERSION, type FigureSubject, writeFigures } from './figures/writeFigures';
export type { LibtorchOrigin, SearchOptions } from './libtorch/candidates';
export {
  type Installed,
  type InstallOptions,
  type InstallProgress,
  installLibtorch,
} from './libtorch/install';
export { type ListedLibtorch, listLibtorch } from './libtorch/list';
export { type BootstrapOptions, bootstrapInterval, type Interval } from './metrics/bootstrapInterval';
export {
  type ConsistencyAtThreshold,
  consistency,
  consistencySweep,
  STC_THRESHOLDS,
} from './metrics/consistency';
export { consistencyAtArea, STC_AREAS } from './metrics/consistencyAtArea';
export {
  type CurvePoint,
  type DeletionInsertion,
  type DeletionInsertionOptions,
  deletionInsertion,
  type Mode,
  type PredictMasked,
} from './metrics/deletionInsertion';
export { type DropInConfidence, dropInConfidence } from './metrics/dropInConfidence';
export { keepTopVoxels } from './metrics/keepTopVoxels';
export { oracleMask } from './metrics/oracleMask';
export type { Overlap } from './metrics/overlap';
export { type PointingGame, pointingGame } from './metrics/pointingGame';
export { realisedArea, realisedAreaAtHalf } from './metrics/realisedArea';
export {
  type AreaName,
  type ConsistencyScores,
  type MaskScores,
  type OverlapName,
  type ScoreInput,
  scoreMask,
  type ThresholdName,
} from './metrics/score';
export type { FileFacts, ModelCheck } from './model/check/types';
export { readClassNames } from './model/classNames';
export { type ModelCost, measureCost } from './model/cost';
export { type FoundModel, findModel, type ManifestOverrides } from './model/findModel';
export type { InputOverrides, ResizeFilter } from './model/inputOverrides';
export { chooseLayer, isCamLayer, type Layer } from './model/layers';
export { type LoadModelOptions, loadModel, type Precision } from './model/loadModel';
export {
  type Activation,
  type AverageOver,
  type Manifest,
  type ModelInput,
  manifestSchema,
  parseManifest,
} from './model/manifest';
export type { ModelForm } from './model/modelForm';
export { shippedModels } from './model/shipped';
export { type Prediction, VideoModel } from './model/videoModel';
export { type NpyArray, type NpyData, type NpyInput, type NpyType, parseNpy, readNpy, writeNpy } from './npy';
export { runWorker } from './queue/worker';
export type { WorkerItem, WorkerOptions, WorkerPlace, WorkerResult } from './queue/workerOptions';
export type { EnergyPoint } from './report/energyPoint';
export { OVERLAY_FORMATS, type OverlayFormat } from './report/overlayFormats';
export type {
  AblationDocument,
  BenchClipDocument,
  BenchDocument,
  ClassBars,
  ClipDocument,
  ComparedDocument,
  ComparisonDocument,
  CurvesDocument,
  ExplanationDocument,
  FrameSprite,
  IntervalDocument,
  MaskDocument,
  MetricDocument,
  PackedBytes,
  PlaneDocument,
  RowDocument,
  ViewerDocument,
} from './report/page/document';
export { pageHtml } from './report/page/pageHtml';
export { type ReproduceOptions, type Reproduction, reproduce } from './reproduce/reproduce';
export type { SanityProgress } from './sanity/explainer';
export type { FrameOrder } from './sanity/frameOrder';
export { type ResolvedSanity, type SanityOptions, sanityOptionsSchema } from './sanity/options';
export { checkSanity, type Sanity, type SanityCallOptions, type SanityRow } from './sanity/sanity';
export type { CheckName, SanityMeasures, Verdict, Verdicts } from './sanity/verdicts';
export { SANITY_SCHEMA_VERSION, writeSanity } from './sanity/writeSanity';
export type { ClassDifference, Differences } from './verify/differences';
export { type ExpectedProbabilities, readExpected } from './verify/readExpected';
export {
  type PreprocessingCheck,
  type VerifyPreprocessingOptions,
  verifyPreprocessing,
} from './verify/verifyPreprocessing';
export type { Decoder } from './video/decoder';
export { type WriteVideoOptions, writeVideo } from './video/writeVideo';
