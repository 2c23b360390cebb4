import { FepError } from '../errors/fepError';
import type { Manifest } from '../manifest/manifest';
import { defined } from '../options/defined';
import { refuseElementWeights } from './classActivation';
import type { ExplainConfig, MaskConfig, SaliencyConfig } from './config';
import { areaOption, type MaskContext, maskSettings } from './masks';
import { isMaskMethod, type MaskMethod, ownOptions, type SaliencyMethod } from './methods';
import { resolveModulation } from './modulation';
import { settle } from './option';
import { type AnyOptions, type ExplainOptions, parseExplainOptions } from './options';
import { settledPerturbation } from './perturbation';
import { presetByDefault } from './presetByDefault';
import { PRESETS, type Preset, quickOptions } from './presets';
import { paceOf } from './schedule';
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

function resolveMask(method: MaskMethod, given: AnyOptions, manifest: Manifest): MaskConfig {
  const preset: Preset = PRESETS[method];
  const options = withPreset(method, given, manifest);
  refuseEarlyEnd(options);
  const { budget, reward, flipEven, areaGrowth, coreWeight, modulated } = preset;
  const { seed, ...perturbation } = resolveShared(options);
  const { framesBudget = 1 } = options;
  const area = resolveArea(options, method, areaGrowth !== 1);
  const context: MaskContext = {
    preset,
    manifest,
    step: options.step ?? preset.step,
    schedule: options.schedule,
    searches: area.search !== undefined,
  };
  refuseFramesBudget(method, framesBudget, area);
  return {
    method,
    target: options.target ?? null,
    ...area,
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
    ...momentumOf(options),
  };
}

function momentumOf({ schedule }: AnyOptions) {
  const momentum = paceOf(schedule)?.momentum;
  return momentum === undefined ? {} : { momentum, dampening: momentum };
}

/** The options with those of their preset where they are left out. */
function withPreset(method: MaskMethod, options: AnyOptions, manifest: Manifest): AnyOptions {
  if ((options.preset ?? presetByDefault(options)) !== 'quick') return options;
  return { ...quickOptions(method, manifest), ...defined(options) };
}

/** Area of the mask from which the search for the smallest one goes on. */
const FIRST_AREA = 0.1;

type AreaConfig = Pick<MaskConfig, 'areas' | 'search'>;

function resolveArea(options: AnyOptions, method: MaskMethod, changesWeights: boolean): AreaConfig {
  const { area, keep } = settle(areaOption, options, {});
  if (area === 'smallest') {
    if (changesWeights) throw noSearch(method);
    return { areas: [Math.min(FIRST_AREA, options.framesBudget ?? 1)], search: { keep } };
  }
  if (options.keep === undefined) return { areas: [area].flat() };
  throw new FepError('FEP_USAGE', 'keep belongs to the search for the smallest area.', {
    hint: 'Add --area smallest, or leave --keep out.',
  });
}

/** The search goes on from a mask that is found, and would start the weights again with it. */
function noSearch(method: MaskMethod): FepError {
  return new FepError(
    'FEP_USAGE',
    `${method} cannot search the smallest area: the weight of its area grows during a run.`,
    { hint: 'Choose --method f-ep, ep or ep-2d, or give an area.' },
  );
}

/** The schedules with an end of their own: before it, energies settle at a pace that it has not come to yet. */
function refuseEarlyEnd({ schedule, until }: AnyOptions): void {
  if (!paceOf(schedule) || until !== 'converged') return;
  throw new FepError(
    'FEP_USAGE',
    `The ${schedule} schedule runs to its end; it cannot end once it has settled.`,
    {
      hint: 'Leave out --until, or choose --schedule published.',
    },
  );
}

/** What a budget of frames cannot stand beside. */
function refuseFramesBudget(method: MaskMethod, framesBudget: number, { areas, search }: AreaConfig): void {
  if (framesBudget === 1) return;
  if (PRESETS[method].budget === 'frame') {
    throw new FepError('FEP_USAGE', `${method} gives each frame a budget of its own, and leaves none out.`, {
      hint: 'Leave framesBudget out, or choose --method f-ep.',
    });
  }
  const largest = Math.max(...areas);
  if (search || largest <= framesBudget) return;
  throw new FepError(
    'FEP_USAGE',
    `An area of ${largest} of the clip does not fit into ${framesBudget} of its frames.`,
    { hint: 'The area must be at most framesBudget.' },
  );
}

function resolveSaliency(method: SaliencyMethod, options: AnyOptions, manifest: Manifest): SaliencyConfig {
  refuseElementWeights(method, options);
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
  return { ...settledPerturbation(perturbation), seed };
}
