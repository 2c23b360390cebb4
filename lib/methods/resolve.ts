import { FepError } from '../errors/fepError';
import type { Manifest } from '../manifest/manifest';
import type { ExplainConfig, MaskConfig, SaliencyConfig } from './config';
import { areaOption, type MaskContext, maskSettings } from './masks';
import { isMaskMethod, type MaskMethod, ownOptions, type SaliencyMethod } from './methods';
import { resolveModulation } from './modulation';
import { settle } from './option';
import { type AnyOptions, type ExplainOptions, parseExplainOptions } from './options';
import { BLUR, fadeOf } from './perturbation';
import { PRESETS, type Preset } from './presets';
import { sharedOptions } from './shared';

/**
 * Fills in what a method takes where nothing else is said, for a model.
 *
 * @throws FepError `FEP_USAGE` for an option that is out of range or does not belong to the method
 */
export function resolveConfig(given: ExplainOptions | AnyOptions, manifest: Manifest): ExplainConfig {
  const options = parseExplainOptions(given);
  const { method } = options;
  return isMaskMethod(method)
    ? resolveMask(method, options, manifest)
    : resolveSaliency(method, options, manifest);
}

/** What the published implementations have in common. */
const PUBLISHED = {
  momentum: 0.9,
  dampening: 0.9,
  coreAfter: 100,
} as const;

function resolveMask(method: MaskMethod, options: AnyOptions, manifest: Manifest): MaskConfig {
  const preset: Preset = PRESETS[method];
  refuseEarlyEnd(options);
  const context: MaskContext = {
    preset,
    manifest,
    step: options.step ?? preset.step,
    schedule: options.schedule,
  };
  const { budget, reward, flipEven, areaGrowth, coreWeight, modulated } = preset;
  const { seed, ...perturbation } = resolveShared(options);
  return {
    method,
    target: options.target ?? null,
    areas: [settle(areaOption, options, {}).area].flat(),
    ...settle(maskSettings, options, context),
    budget,
    reward,
    flipEven,
    areaGrowth,
    coreWeight,
    ...perturbation,
    modulation: modulated ? resolveModulation(options, manifest) : null,
    seed,
    ...PUBLISHED,
  };
}

/** The fast schedule has its own end: before it, energies settle at a pace that it has not come to yet. */
function refuseEarlyEnd({ schedule, until }: AnyOptions): void {
  if (schedule !== 'fast' || until !== 'converged') return;
  throw new FepError('FEP_USAGE', 'The fast schedule runs to its end; it cannot end once it has settled.', {
    hint: 'Leave out --until, or --schedule.',
  });
}

function resolveSaliency(method: SaliencyMethod, options: AnyOptions, manifest: Manifest): SaliencyConfig {
  return {
    method,
    target: options.target ?? null,
    ...settle(ownOptions(method), options, { manifest }),
    ...resolveShared(options),
  };
}

/** What all methods record but the class, which the model may have to be asked for. */
function resolveShared(options: AnyOptions) {
  const { perturbation, seed } = settle(sharedOptions, options, {});
  const fade = fadeOf(perturbation);
  return { perturbation: fade === null ? ('blur' as const) : ('fade' as const), fade, ...BLUR, seed };
}
