/**
 * fep-native/bench: many explanations. Benches over data sets, ablations, sanity checks, and the figures of the method.
 */
export { type AblateCallOptions, type AblateResult, ablate } from '../ablate/ablate';
export { type AblateOptions, ablateOptionsSchema } from '../ablate/options';
export type { PerSample } from '../ablate/perSample';
export type { Selection } from '../ablate/select';
export type { Course, Domain, MaskGrid, RatioPair, Setting as Cell } from '../ablate/settings';
export { bench } from '../bench/bench';
export { mergeBenches } from '../bench/merge';
export { runWorker } from '../bench/queue/worker';
export type { WorkerItem, WorkerOptions, WorkerPlace, WorkerResult } from '../bench/queue/workerOptions';
export type { BenchFailure, BenchRecord, BenchTiming, LastEnergy, MaskRecord } from '../bench/run/record';
export type { KeepClips } from '../bench/settings/keepClips';
export { type BenchOptions, benchOptionsSchema } from '../bench/settings/options';
export type { Shard } from '../bench/settings/shard';
export type { BenchCallOptions, BenchProgress, BenchResult } from '../bench/settings/types';
export type { Band, Ratios } from '../figures/bands';
export type { Shape3 } from '../figures/dct';
export type { Departure } from '../figures/departure';
export { type FigureCallOptions, type Figures, measureFigures } from '../figures/figures';
export type { GradientMap, GradientMaps } from '../figures/gradientMaps';
export type { FigureName, FigureOptions } from '../figures/options';
export type { ModulatedConfig } from '../figures/runs';
export type { Spectra } from '../figures/spectra';
export type { Spectrum } from '../figures/spectrum';
export type { Tradeoff, TradeoffPoint } from '../figures/tradeoff';
export { FIGURES_SCHEMA_VERSION, type FigureSubject, writeFigures } from '../figures/writeFigures';
export type { SanityProgress } from '../sanity/explainer';
export type { FrameOrder } from '../sanity/frameOrder';
export { type ResolvedSanity, type SanityOptions, sanityOptionsSchema } from '../sanity/options';
export { checkSanity, type Sanity, type SanityCallOptions, type SanityRow } from '../sanity/sanity';
export type { CheckName, SanityMeasures, Verdict, Verdicts } from '../sanity/verdicts';
export { SANITY_SCHEMA_VERSION, writeSanity } from '../sanity/writeSanity';
