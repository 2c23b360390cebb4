import { z } from 'zod';
import { FepError } from '../errors/fepError';
import type { Manifest } from '../manifest/manifest';
import { option, settle } from './option';
import { publishedRatios } from './presets';

const ratio = z.number().min(0).max(1);

/** What F-EP alone can be told. */
export const modulationOptions = {
  /** r_l, the share of low frequencies that F-EP keeps, in [0, 1]. Eq. (6). */
  lowRatio: option(ratio, {
    help: 'low frequencies that F-EP keeps',
    value: 'share',
    default: null,
    defaultText: '0.5',
    source: 'r_l of Eq. (6)',
  }),
  /** r_h, the share of high frequencies that F-EP keeps, in [0, 1]; r_l + r_h <= 1. Eq. (6). */
  highRatio: option(ratio, {
    help: 'high frequencies that F-EP keeps',
    value: 'share',
    default: null,
    defaultText: '0.1 for TSM, else 0.2',
    source: 'r_h of Eq. (6)',
  }),
  /** r_l along time alone, in [0, 1]; default `lowRatio`. */
  temporalLowRatio: option(ratio, {
    help: 'low frequencies that F-EP keeps along time alone',
    value: 'share',
    default: null,
    defaultText: '--low-ratio',
  }),
  /** r_h along time alone, in [0, 1]; default `highRatio`. */
  temporalHighRatio: option(ratio, {
    help: 'high frequencies that F-EP keeps along time alone',
    value: 'share',
    default: null,
    defaultText: '--high-ratio',
  }),
  /** Where F-EP's gradient is modulated: on the grid of parameters or on the frame's pixels. */
  domain: option(z.enum(['parameters', 'mask']), {
    help: 'where F-EP modulates',
    value: 'where',
    default: 'parameters',
  }),
  /** What F-EP modulates: the gradient of the whole energy, as the paper has it, or of the reward alone. */
  modulate: option(z.enum(['energy', 'reward']), {
    help: 'which gradient F-EP modulates',
    value: 'part',
    default: 'energy',
  }),
};

/** r_l and r_h, Eq. (6), along space and along time. */
export interface FrequencyBands {
  lowRatio: number;
  highRatio: number;
  temporalLowRatio: number;
  temporalHighRatio: number;
}

/** F-EP's modulation: r_l and r_h along space and along time, Eq. (6), and where and of what. */
export interface Modulation extends FrequencyBands {
  domain: 'parameters' | 'mask';
  part: 'energy' | 'reward';
}

/** What the options of F-EP's modulation may hold. */
export interface ModulationOptions extends Partial<Record<keyof FrequencyBands, number | undefined>> {
  domain?: Modulation['domain'] | undefined;
  modulate?: Modulation['part'] | undefined;
}

/** @throws FepError `FEP_USAGE` for ratios that keep no frequency, or some twice */
export function resolveModulation(options: ModulationOptions, manifest: Manifest): Modulation {
  const { lowRatio, highRatio } = pairOfRatios(options, publishedRatios(manifest));
  checkRatios('', lowRatio, highRatio);
  const { domain, modulate } = settle(modulationOptions, { ...options }, {});
  const { temporalLowRatio = lowRatio, temporalHighRatio = highRatio } = options;
  checkRatios('temporal ', temporalLowRatio, temporalHighRatio);
  return {
    lowRatio,
    highRatio,
    temporalLowRatio,
    temporalHighRatio,
    domain,
    part: modulate,
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
function pairOfRatios(
  { lowRatio, highRatio }: ModulationOptions,
  published: { lowRatio: number; highRatio: number },
) {
  return {
    lowRatio: lowRatio ?? Math.min(published.lowRatio, 1 - (highRatio ?? 0)),
    highRatio: highRatio ?? Math.min(published.highRatio, 1 - (lowRatio ?? published.lowRatio)),
  };
}
