import type { MethodInput } from '../evaluate/entry';
import { PRESETS } from '../methods/presets';

/** One setting of F-EP. */
export interface Setting {
  /** r_l and r_h, Eq. (6). */
  lowRatio: number;
  highRatio: number;
  domain: Domain;
  /** r_l and r_h along time, if they differ from those of space. */
  temporal?: readonly [low: number, high: number];
  /** Name of the setting's row. */
  label: string;
}

type Ratios = readonly [low: number, high: number];

/** The domain in which F-EP modulates the gradient. */
export type Domain = 'parameters' | 'mask';

/** The settings of the supplement's Tables 1 to 3: each r_l with its values of r_h. */
const SUPPLEMENT: readonly (readonly [number, readonly number[]])[] = [
  [0.1, [0]],
  [0.2, [0]],
  [0.3, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6]],
  [0.4, [0, 0.1, 0.2, 0.3, 0.4, 0.5]],
  [0.5, [0, 0.1, 0.2, 0.3, 0.4]],
  [0.6, [0, 0.1, 0.2, 0.3]],
  [0.7, [0]],
  [0.8, [0]],
];

/** The grid of settings to try. */
export interface Grid {
  /** Values of r_l; without these and `highRatios`, the settings of the supplement. */
  lowRatios?: number[] | undefined;
  /** Values of r_h; default 0 only. */
  highRatios?: number[] | undefined;
  domains: readonly Domain[];
  /** Pairs of r_l and r_h along time, each tried with every setting in addition to the setting's own ratios. */
  temporal?: readonly Ratios[] | undefined;
}

/**
 * The settings of a grid with 0 < r_l + r_h ≤ 1, ordered by domain, temporal ratios, r_l and r_h.
 */
export function settingsOf({ lowRatios, highRatios, domains, temporal = [] }: Grid): Setting[] {
  const pairs = pairsOf(lowRatios, highRatios).filter(isValid);
  const times = [undefined, ...temporal.filter(isValid)];
  return domains.flatMap((domain) => {
    const suffix = domains.length > 1 ? ` ${domain}` : '';
    return times.flatMap((time) =>
      pairs.map(([lowRatio, highRatio]) => {
        const label = `F-EP ${lowRatio}/${highRatio}${time ? ` (T ${time.join('/')})` : ''}${suffix}`;
        return { lowRatio, highRatio, domain, ...(time && { temporal: time }), label };
      }),
    );
  });
}

function isValid([low, high]: Ratios): boolean {
  return low + high > 0 && low + high <= 1 + 1e-9;
}

function pairsOf(lowRatios: number[] | undefined, highRatios: number[] | undefined): [number, number][] {
  if (lowRatios === undefined && highRatios === undefined) {
    return SUPPLEMENT.flatMap(([low, highs]) => highs.map((high): [number, number] => [low, high]));
  }
  const lows = lowRatios ?? SUPPLEMENT.map(([low]) => low);
  return lows.flatMap((low) => (highRatios ?? [0]).map((high): [number, number] => [low, high]));
}

/** Label of the baseline that keeps every frequency. */
export const EP_LABEL = '3D-EP';
/** Label of the other baseline. */
export const STEP_LABEL = 'STEP';

/** Step and σ of all rows; default F-EP's preset. */
export interface MaskOptions {
  step?: number | undefined;
  sigma?: number | undefined;
}

/** The rows of the bench: the baselines with F-EP's step and σ, then the settings. */
export function methodRows(
  settings: readonly Setting[],
  modulate: 'energy' | 'reward',
  { step = PRESETS['f-ep'].step, sigma = PRESETS['f-ep'].sigma.large }: MaskOptions,
): MethodInput[] {
  const sameMask = { step, sigma };
  return [
    { method: 'ep', label: EP_LABEL, options: sameMask },
    { method: 'step', label: STEP_LABEL, options: sameMask },
    ...settings.map(({ label, lowRatio, highRatio, domain, temporal }) => ({
      method: 'f-ep' as const,
      label,
      options: { ...sameMask, lowRatio, highRatio, ...temporalOptions(temporal), domain, modulate },
    })),
  ];
}

/** A setting's ratios along time as options of `explain`. */
function temporalOptions(temporal: Setting['temporal']): {
  temporalLowRatio?: number;
  temporalHighRatio?: number;
} {
  return temporal ? { temporalLowRatio: temporal[0], temporalHighRatio: temporal[1] } : {};
}
