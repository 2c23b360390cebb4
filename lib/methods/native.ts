import type { AttributionOptions } from '../../binding';
import type { Manifest } from '../manifest/manifest';
import type { MaskConfig, SaliencyConfig } from './config';
import { type MaskSettings, maskSettings } from './masks';
import type { FrequencyBands, Modulation } from './modulation';
import { sparseDefaults } from './option';
import { fadeColour, type NativePerturbation } from './perturbation';

/** A mask's configuration as the addon takes it: the configuration's own fields, with nothing left to be looked up. */
export type NativeMaskOptions = Omit<
  MaskConfig,
  'method' | 'target' | 'seed' | 'fade' | 'modulation' | keyof MaskSettings | keyof NativePerturbation
> &
  MaskSettings &
  NativePerturbation & {
    /** A mask is made for each of the `cells`. */
    modulation?: Pick<Modulation, 'domain' | 'part'> & { cells: FrequencyBands[] };
  };

/**
 * Configurations as the addon takes them, which runs them side by side.
 *
 * @param configs at least one; alike in everything but the bands of frequencies
 */
export function toNativeOptions(configs: readonly MaskConfig[], manifest: Manifest): NativeMaskOptions {
  const { method: _method, seed: _seed, target: _target, fade, modulation, ...settings } = configs[0]!;
  const native = {
    ...sparseDefaults(maskSettings),
    ...settings,
    fadeColour: fadeColour(fade, manifest),
  } as NativeMaskOptions;
  if (modulation === null) return native;
  const { domain, part } = modulation;
  return { ...native, modulation: { cells: configs.map(bandsOf), domain, part } };
}

function bandsOf({ modulation }: MaskConfig): FrequencyBands {
  const { lowRatio, highRatio, temporalLowRatio, temporalHighRatio } = modulation!;
  return { lowRatio, highRatio, temporalLowRatio, temporalHighRatio };
}

const FORMS = {
  smoothgrad: 'mean',
  'smoothgrad-squared': 'squared',
  'smoothgrad-variance': 'variance',
} as const;

/** A configuration, its layer settled, as the addon takes it. */
export function toAttributionOptions(
  { method, seed, ...own }: SaliencyConfig,
  manifest: Manifest,
): AttributionOptions {
  switch (method) {
    case 'integrated-gradients': {
      const baseline = fadeColour(own.baseline ?? 'black', manifest);
      return { method, steps: own.integrationSteps!, baseline };
    }
    case 'smoothgrad':
    case 'smoothgrad-squared':
    case 'smoothgrad-variance':
      return { method: 'smoothgrad', form: FORMS[method], samples: own.samples!, noise: own.noise!, seed };
    case 'grad-cam':
    case 'grad-cam-plus-plus':
      return { method, layer: own.layer!, weights: own.camWeights! };
    case 'rise':
      return { method, samples: own.samples!, cells: own.cells!, seed };
    case 'random':
      return { method, cells: own.cells!, seed };
    default:
      return { method };
  }
}
