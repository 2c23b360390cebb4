import type { Manifest } from '../manifest/manifest';
import type { MaskConfig, SaliencyConfig } from './config';
import { type MaskSettings, maskSettings } from './masks';
import { ownOptions } from './methods';
import type { FrequencyBands, Modulation, modulationOptions } from './modulation';
import { type Settled, sparseDefaults } from './option';
import { fadeColour, type NativePerturbation } from './perturbation';

/** The bands at the start of a run, and their course. */
type BandSetting = FrequencyBands &
  Pick<Settled<typeof modulationOptions>, 'course' | 'courseBegin' | 'courseEnd'>;

/** A mask's configuration as the addon takes it: the configuration's own fields, with nothing left to be looked up. */
export type NativeMaskOptions = Omit<
  MaskConfig,
  | 'method'
  | 'target'
  | 'seed'
  | 'search'
  | 'fade'
  | 'modulation'
  | keyof MaskSettings
  | keyof NativePerturbation
> &
  Required<MaskSettings> &
  NativePerturbation & {
    /** A mask is made for each of the `settings`. */
    modulation?: Pick<Modulation, 'domain' | 'part'> & { settings: BandSetting[] };
  };

/**
 * Configurations as the addon takes them, which runs them side by side.
 *
 * @param configs at least one; alike in everything but the bands of frequencies
 */
export function toMaskOptions(configs: readonly MaskConfig[], manifest: Manifest): NativeMaskOptions {
  const { method, seed, target, search, fade, modulation, ...settings } = configs[0]!;
  const native = {
    ...sparseDefaults(maskSettings),
    ...settings,
    fadeColour: fadeColour(fade, manifest),
  } as NativeMaskOptions;
  if (modulation === null) return native;
  const { domain, part } = modulation;
  return { ...native, modulation: { settings: configs.map(settingOf), domain, part } };
}

function settingOf({ modulation }: MaskConfig): BandSetting {
  const { domain, part, ...setting } = modulation!;
  return { course: 'constant', courseBegin: 0, courseEnd: 0, ...setting };
}

/** A configuration as the addon takes it: the method's own options, and a baseline's colour in place of its name. */
export type NativeAttributionOptions = Omit<
  SaliencyConfig,
  'target' | 'baseline' | 'fade' | keyof NativePerturbation
> & {
  /** In the model's normalised space and channel order. */
  baselineColour?: [number, number, number];
};

/** A configuration, its layer settled, as the addon takes it. */
export function toAttributionOptions(config: SaliencyConfig, manifest: Manifest): NativeAttributionOptions {
  const { target, perturbation, fade, blurLevels, blurSigma, baseline, ...own } = config;
  const native = { ...sparseDefaults(ownOptions(config.method)), ...own };
  return baseline ? { ...native, baselineColour: fadeColour(baseline, manifest) } : native;
}
