/**
 * fep-native: shows why a video model decided what it decided.
 *
 * `loadModel` → `readClip` → `explain` → `saveExplanation`. More in `fep-native/metrics`, `fep-native/datasets`,
 * `fep-native/bench` and, for the browser, `fep-native/viewer`.
 */
export type { DatasetPart, SampleOrigin } from './clip/origin';
export { type ReadClipOptions, readClip } from './clip/readClip';
export { type ReadFramesOptions, readFrames } from './clip/readFrames';
export type { Clip, ClipViews, FrameStack, View } from './clip/types';
export type { RecordedViews, Views, ViewsAverage } from './clip/views';
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
export type { AnnotatedClip, BoxMask } from './datasets/types';
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
export type {
  AreaSearch,
  DetailsOf,
  ExplanationOrigin,
  MethodDetails,
  RunOptions,
  TriedMask,
} from './explain/types';
export { viewerDocument } from './explain/viewerDocument';
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
export { type ImportModelOptions, importModel } from './import/importModel';
export type { ImportChoices, ImportDescription } from './import/options';
export type { ImportRun } from './import/python';
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
  type Tokens,
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
export { type AverageViewsOptions, averageViews } from './model/averageViews';
export type { FileFacts, ModelCheck } from './model/check/types';
export { type FindModelOptions, type FoundModel, findModel, type ManifestOverrides } from './model/findModel';
export { chooseLayer, chooseLayers, isCamLayer, type Layer } from './model/layers';
export { type LoadModelOptions, loadModel, type Tuning } from './model/loadModel';
export type { ModelForm } from './model/modelForm';
export type { Precision } from './model/precision';
export { shippedModels } from './model/shipped';
export {
  type AveragedViews,
  type Prediction,
  type PredictPerturbedOptions,
  VideoModel,
} from './model/videoModel';
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
  SearchDocument,
  ViewerDocument,
} from './report/page/document';
export { pageHtml } from './report/page/pageHtml';
export type { ReproduceOptions } from './reproduce/options';
export { type Reproduction, reproduce } from './reproduce/reproduce';
export type { ClassDifference, Differences } from './verify/differences';
export { type ExpectedProbabilities, readExpected } from './verify/readExpected';
export {
  type PreprocessingCheck,
  type VerifyPreprocessingOptions,
  verifyPreprocessing,
} from './verify/verifyPreprocessing';
export { type WriteVideoOptions, writeVideo } from './video/writeVideo';
