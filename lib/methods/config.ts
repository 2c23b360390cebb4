import type { MaskSettings } from './masks';
import type { MaskMethod, SaliencyMethod, SaliencySettings } from './methods';
import { isMaskMethod } from './methods';
import type { Modulation } from './modulation';
import type { Fade } from './perturbation';
import type { Preset } from './presets';
import { updatesWithSearch } from './search';

/** What every configuration records. */
interface SharedConfig {
  /** Name or index of the class to explain; null for the one the model predicts. */
  target: string | number | null;
  /** What takes the place of what the mask, or the map tried out as a mask, does not keep. */
  perturbation: 'blur' | 'fade';
  fade: Fade;
  blurLevels: number;
  blurSigma: number;
  seed: number;
}

/** What a preset settles and no option changes. */
type PublishedSettings = Pick<Preset, 'budget' | 'reward' | 'flipEven' | 'areaGrowth' | 'coreWeight'> & {
  momentum: number;
  dampening: number;
  coreAfter: number;
};

/** A mask's configuration with nothing left open: what `result.json` records and the addon runs. */
export interface MaskConfig extends SharedConfig, PublishedSettings, MaskSettings {
  method: MaskMethod;
  areas: number[];
  /** Where the smallest area is searched: the share of the class's probability that its mask keeps. */
  search?: { keep: number };
  modulation: Modulation | null;
}

/** A saliency method's configuration with nothing left open. A method has those of the options that are its own. */
export interface SaliencyConfig extends SharedConfig, Omit<SaliencySettings, 'layer'> {
  method: SaliencyMethod;
  /** Null while it is open: the model has to be asked for its layers. */
  layer?: string | null;
}

/** An explanation's configuration with nothing left open. */
export type ExplainConfig = MaskConfig | SaliencyConfig;

/** Whether a configuration is of a method that optimises masks. */
export function isMaskConfig(config: ExplainConfig): config is MaskConfig {
  return isMaskMethod(config.method);
}

/** What a mask was asked; what is enough where nothing else was. */
export function variantOf(config: ExplainConfig): NonNullable<MaskConfig['variant']> {
  return (isMaskConfig(config) && config.variant) || 'preserve';
}

/**
 * Updates of a mask, with those of the search for the smallest one; a saliency method's samples or steps, 1 for those that
 * take one step.
 */
export function iterationsOf(config: ExplainConfig): number {
  if (!isMaskConfig(config)) return config.samples ?? config.integrationSteps ?? 1;
  return config.search ? updatesWithSearch(config.iterations) : config.iterations;
}
