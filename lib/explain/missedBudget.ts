import type { Manifest } from '../manifest/manifest';
import type { MaskConfig } from '../methods/config';
import { paceOf } from '../methods/schedule';
import type { EnergyPoint } from '../report/energyPoint';
import type { MaskExplanation } from './types';

/** A budget is missed when the mask is larger or smaller than it by more than this share. */
const TOLERANCE = 0.2;

/** Where a single control point's mask falls to ½, in units of its reach σ. */
const RADIUS_AT_HALF = 1.09;

/** Why a mask is not as large as it was asked to be, and what to do. */
export interface MissedBudget {
  reason: string;
  hint: string;
}

/** Undefined where the mask's mean over the frame is within a fifth of the budget. */
export function missedBudget(
  { area, realisedArea, energy }: Pick<MaskExplanation, 'area' | 'realisedArea' | 'energy'>,
  config: MaskConfig,
  { input }: Manifest,
): MissedBudget | undefined {
  if (area === null || config.search || Math.abs(realisedArea / area - 1) <= TOLERANCE) return undefined;
  const missed = whyMissed({ area, realisedArea, energy }, config, input);
  // An option that says how a mask is searched would turn to the published settings.
  return config.schedule === 'quick' ? { ...missed, hint: `--preset quick with ${missed.hint}` } : missed;
}

function whyMissed(
  { area, realisedArea, energy }: { area: number; realisedArea: number; energy: EnergyPoint[] },
  config: MaskConfig,
  input: Manifest['input'],
): MissedBudget {
  if (energy.length < FEW) return tooShort(config);
  if (realisedArea > area && config.sigma > finestSigma(area, input)) return tooCoarse(area, config, input);
  if (isStillFalling(energy, config)) return tooShort(config);
  if (config.areaOver === 'canvas') {
    return { reason: 'the budget counts a canvas with margins around the frame', hint: '--area-over frame' };
  }
  return realisedArea > area
    ? { reason: 'the class weighs more than the budget', hint: 'a larger --area-weight' }
    : { reason: 'the class needs no more', hint: 'a smaller --area' };
}

/** The reach at which one control point in every frame keeps just the budget. */
function finestSigma(area: number, { height, width }: Manifest['input']): number {
  return Math.sqrt((area * height * width) / Math.PI) / RADIUS_AT_HALF;
}

function tooCoarse(area: number, { step, sigma }: MaskConfig, input: Manifest['input']): MissedBudget {
  const finest = Math.max(Math.floor(finestSigma(area, input)), 1);
  return {
    reason: `one control point of σ ${sigma} in every frame keeps more than that`,
    hint: `--sigma ${finest} --step ${Math.max(Math.floor((step * finest) / sigma), 1)}`,
  };
}

function tooShort({ method, schedule }: MaskConfig): MissedBudget {
  const hasSchedule = method !== 'step' && method !== 'torchray' && !paceOf(schedule);
  return {
    reason: 'the run ended while the mask was still changing',
    hint: hasSchedule ? 'more --iterations, or --schedule fast' : 'more --iterations',
  };
}

/** Updates that cannot have settled. */
const FEW = 30;

/** Whether the energy falls by more than this share of its whole fall from one window of iterations to the next. */
function isStillFalling(energy: EnergyPoint[], { areaGrowth }: MaskConfig): boolean {
  if (areaGrowth !== 1) return false; // its weight grows, and the energy with it, whatever the mask does
  const [window, tolerance] = [Math.min(30, Math.floor(energy.length / 6)), 0.0005];
  const totals = energy.map(({ reward, area, core }) => reward + area + core);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [before, now] = [mean(totals.slice(-2 * window, -window)), mean(totals.slice(-window))];
  return before - now > tolerance * (Math.max(...totals) - now);
}
