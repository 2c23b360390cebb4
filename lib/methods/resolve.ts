import type { ExtremalPerturbationOptions, FrequencyBands } from '../../binding';
import { FepError } from '../errors/fepError';
import type { Manifest } from '../manifest/manifest';
import { courseOf } from './course';
import { isMaskMethod, type MaskMethod } from './methods';
import { type ExplainOptions, parseExplainOptions } from './options';
import { refuseAlienOptions } from './owners';
import { BLUR, type Fade, fadeColour, fadeOf } from './perturbation';
import { arithmeticFor, PRESETS, type Preset, presetSigma, publishedRatios } from './presets';
import { resolveSaliencyConfig, type SaliencyConfig } from './saliency';

/** A mask's configuration with nothing left open: what `result.json` records and the addon runs. */
export interface MaskConfig
  extends Omit<
    ExtremalPerturbationOptions,
    'modulation' | 'fadeColour' | 'memory' | 'schedule' | 'cudaGraph'
  > {
  method: MaskMethod;
  /** Name or index of the class to explain; null for the one the model predicts. */
  target: string | number | null;
  modulation: Modulation | null;
  /** Not there: the published one. */
  schedule?: 'fast';
  /** Not there: no graphs. Whether there are any changes no configuration that was saved before there were. */
  cudaGraph?: true;
  fade: Fade;
  seed: number;
}

/** F-EP's modulation: r_l and r_h along space and along time, Eq. (6), and where and of what. */
export interface Modulation {
  lowRatio: number;
  highRatio: number;
  temporalLowRatio: number;
  temporalHighRatio: number;
  domain: 'parameters' | 'mask';
  part: 'energy' | 'reward';
}

/** An explanation's configuration with nothing left open. */
export type ExplainConfig = MaskConfig | SaliencyConfig;

export function isMaskConfig(config: ExplainConfig): config is MaskConfig {
  return isMaskMethod(config.method);
}

/** Updates of a mask; a saliency method's samples or steps, 1 for those that take one step. */
export function iterationsOf(config: ExplainConfig): number {
  return isMaskConfig(config) ? config.iterations : (config.samples ?? config.integrationSteps ?? 1);
}

/** What every preset has in common; DESIGN of the published implementations. */
const SHARED = {
  momentum: 0.9,
  dampening: 0.9,
  coreAfter: 100,
} as const;

/**
 * Fills in what a method takes where nothing else is said, for a model.
 *
 * @throws FepError `FEP_USAGE` for an option that is out of range or does not belong to the method
 */
export function resolveConfig(given: ExplainOptions, manifest: Manifest): ExplainConfig {
  const options = parseExplainOptions(given);
  const method = options.method ?? 'f-ep';
  refuseAlienOptions(options, method);
  return isMaskMethod(method)
    ? resolveMaskConfig(method, options, manifest)
    : resolveSaliencyConfig(method, options, manifest);
}

function resolveMaskConfig(method: MaskMethod, options: ExplainOptions, manifest: Manifest): MaskConfig {
  const preset = PRESETS[method];
  const areas = [options.area ?? 0.1].flat();
  const perturbation = options.perturbation ?? 'blur';
  const step = options.step ?? preset.step;
  refuseEarlyEnd(options);
  return {
    method,
    target: options.target ?? null,
    areas,
    ...courseOf({ ...options, step }, preset, manifest),
    until: options.until ?? 'iterations',
    step,
    sigma: options.sigma ?? presetSigma(preset, manifest),
    areaOver: options.areaOver ?? 'canvas',
    arithmetic: options.arithmetic ?? arithmeticFor(manifest),
    ...(options.cudaGraph && { cudaGraph: true as const }),
    budget: preset.budget,
    reward: preset.reward,
    rewardWeight: options.rewardWeight ?? preset.rewardWeight,
    flipEven: preset.flipEven,
    areaWeight: options.areaWeight ?? preset.areaWeight,
    areaGrowth: preset.areaGrowth,
    coreWeight: preset.coreWeight,
    perturbation: perturbation === 'blur' ? 'blur' : 'fade',
    fade: fadeOf(perturbation),
    ...BLUR,
    modulation: resolveModulation(options, preset, manifest),
    seed: options.seed ?? 0,
    ...SHARED,
  };
}

/** The fast schedule has its own end: before it, energies settle at a pace that it has not come to yet. */
function refuseEarlyEnd({ schedule, until }: ExplainOptions): void {
  if (schedule !== 'fast' || until !== 'converged') return;
  throw new FepError('FEP_USAGE', 'The fast schedule runs to its end; it cannot end once it has settled.', {
    hint: 'Leave out --until, or --schedule.',
  });
}

function resolveModulation(
  options: ExplainOptions,
  preset: Preset,
  manifest: Manifest,
): MaskConfig['modulation'] {
  if (!preset.modulated) return null;
  const published = publishedRatios(manifest);
  const { lowRatio, highRatio } = pairOfRatios(options, published);
  checkRatios('', lowRatio, highRatio);
  const { temporalLowRatio = lowRatio, temporalHighRatio = highRatio } = options;
  checkRatios('temporal ', temporalLowRatio, temporalHighRatio);
  return {
    ...{ lowRatio, highRatio, temporalLowRatio, temporalHighRatio },
    ...{ domain: options.domain ?? 'parameters', part: options.modulate ?? 'energy' },
  };
}

function checkRatios(axis: '' | 'temporal ', low: number, high: number): void {
  if (low + high > 0 && low + high <= 1 + 1e-9) return;
  throw new FepError(
    'FEP_USAGE',
    `The ${axis}ratios of low and high frequencies must sum to more than 0 and at most 1, got ${low} and ${high}.`,
    { hint: 'The published settings are 0.5 and 0.2 (R(2+1)D), 0.5 and 0.1 (TSM).' },
  );
}

/** If only one ratio is given, the other is the published one as far as there is room for it. */
function pairOfRatios(options: ExplainOptions, published: { lowRatio: number; highRatio: number }) {
  const { lowRatio, highRatio } = options;
  return {
    lowRatio: lowRatio ?? Math.min(published.lowRatio, 1 - (highRatio ?? 0)),
    highRatio: highRatio ?? Math.min(published.highRatio, 1 - (lowRatio ?? published.lowRatio)),
  };
}

/**
 * Configurations as the addon takes them, which runs them side by side.
 *
 * @param configs at least one; alike in everything but the bands of frequencies
 */
export function toNativeOptions(
  configs: readonly MaskConfig[],
  manifest: Manifest,
): ExtremalPerturbationOptions {
  const { method: _method, seed: _seed, target: _target, fade, modulation, ...rest } = configs[0]!;
  const defaults = { schedule: 'published', cudaGraph: false } as const;
  const native = { ...defaults, ...rest, fadeColour: fadeColour(fade, manifest) };
  if (modulation === null) return native;
  const { domain, part } = modulation;
  return { ...native, modulation: { cells: configs.map(bandsOf), domain, part } };
}

function bandsOf({ modulation }: MaskConfig): FrequencyBands {
  const { lowRatio, highRatio, temporalLowRatio, temporalHighRatio } = modulation!;
  return { lowRatio, highRatio, temporalLowRatio, temporalHighRatio };
}
