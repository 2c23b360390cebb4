/**
 * fep-native: shows why a video model decided what it decided.
 *
 * `loadModel` → `readClip` → `explain` → `saveExplanation`.
 */
export { type AblateCallOptions, type AblateResult, ablate } from './ablate/ablate';
export { type AblateOptions, ablateOptionsSchema } from './ablate/options';
export type { PerSample } from './ablate/perSample';
export type { Selection } from './ablate/select';
export type { Domain, Setting as Cell } from './ablate/settings';
export { bench } from './bench/bench';
export { mergeBenches } from './bench/merge';
export { runWorker } from './bench/queue/worker';
export type { WorkerItem, WorkerOptions, WorkerPlace, WorkerResult } from './bench/queue/workerOptions';
export type { BenchFailure, BenchRecord, BenchTiming, LastEnergy, MaskRecord } from './bench/run/record';
export type { KeepClips } from './bench/settings/keepClips';
export { type BenchOptions, benchOptionsSchema } from './bench/settings/options';
export type { Shard } from './bench/settings/shard';
export type { BenchCallOptions, BenchProgress, BenchResult } from './bench/settings/types';
export type { DatasetPart, SampleOrigin } from './clip/origin';
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
export { openDataset } from './datasets/open';
export type { DatasetOptions, SetDifficulty } from './datasets/options';
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
export { FepError, type FepErrorCode, type FepErrorOptions } from './errors/fepError';
export { type ModelCost, measureCost } from './explain/cost';
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
export {
  type NpyArray,
  type NpyData,
  type NpyInput,
  type NpyType,
  parseNpy,
  readNpy,
  writeNpy,
} from './files/npy';
export type { Decoder, ReadOptions } from './frames/readOptions';
export type { LibtorchOrigin, SearchOptions } from './libtorch/candidates';
export {
  type Installed,
  type InstallOptions,
  type InstallProgress,
  installLibtorch,
} from './libtorch/install';
export { type ListedLibtorch, listLibtorch } from './libtorch/list';
export { readClassNames } from './manifest/classNames';
export type { InputOverrides, ResizeFilter } from './manifest/inputOverrides';
export {
  type Activation,
  type AverageOver,
  type Manifest,
  type ModelInput,
  manifestSchema,
  parseManifest,
} from './manifest/manifest';
export type { ExplainConfig, MaskConfig, SaliencyConfig } from './methods/config';
export {
  isMaskMethod,
  MASK_METHODS,
  type MaskMethod,
  METHOD_LABELS,
  METHODS,
  type Method,
  SALIENCY_METHODS,
  type SaliencyMethod,
} from './methods/methods';
export type { Modulation } from './methods/modulation';
export { type ExplainOptions, explainOptionsSchema } from './methods/options';
export type { Fade, PerturbationName } from './methods/perturbation';
export { PRESETS, type Preset } from './methods/presets';
export { resolveConfig } from './methods/resolve';
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
export { type FoundModel, findModel, type ManifestOverrides } from './model/findModel';
export { chooseLayer, isCamLayer, type Layer } from './model/layers';
export { type LoadModelOptions, loadModel } from './model/loadModel';
export type { ModelForm } from './model/modelForm';
export type { Precision } from './model/precision';
export { shippedModels } from './model/shipped';
export { type Prediction, VideoModel } from './model/videoModel';
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
export type { ReproduceOptions } from './reproduce/options';
export { type Reproduction, reproduce } from './reproduce/reproduce';
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
export { type WriteVideoOptions, writeVideo } from './video/writeVideo';
