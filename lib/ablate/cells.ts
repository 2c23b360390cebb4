import type { MethodInput } from '../evaluate/entry';
import { PRESETS } from '../methods/presets';

/** One setting of F-EP. */
export interface Cell {
  /** r_l and r_h, Eq. (6). */
  lowRatio: number;
  highRatio: number;
  domain: Domain;
  /** r_l and r_h along time where they are not those of space. */
  temporal?: readonly [low: number, high: number];
  /** Name of its row. */
  label: string;
}

type Ratios = readonly [low: number, high: number];

/** Where F-EP modulates a gradient. */
export type Domain = 'parameters' | 'mask';

/** The settings of the supplement's Tables 1 to 3, as r_l and the r_h that go with it. */
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

/** Which settings to try. */
export interface Grid {
  /** r_l; without it, and without r_h, the settings of the supplement. */
  lowRatios?: number[] | undefined;
  /** r_h, default 0 alone. */
  highRatios?: number[] | undefined;
  domains: readonly Domain[];
  /** r_l and r_h along time, each tried with every setting beside that setting's own. */
  temporal?: readonly Ratios[] | undefined;
}

/**
 * The settings of a grid with r_l + r_h ≤ 1, by domain, r_l and r_h; then r_l = 1 and r_h = 0, which keeps all
 * frequencies and so is 3D-EP at F-EP's step and σ.
 */
export function cellsOf({ lowRatios, highRatios, domains, temporal = [] }: Grid): Cell[] {
  const pairs = pairsOf(lowRatios, highRatios).filter(isPossible);
  const times = [undefined, ...temporal.filter(isPossible)];
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

function isPossible([low, high]: Ratios): boolean {
  return low + high > 0 && low + high <= 1 + 1e-9;
}

function pairsOf(lowRatios: number[] | undefined, highRatios: number[] | undefined): [number, number][] {
  if (lowRatios === undefined && highRatios === undefined) {
    return SUPPLEMENT.flatMap(([low, highs]) => highs.map((high): [number, number] => [low, high]));
  }
  const lows = lowRatios ?? SUPPLEMENT.map(([low]) => low);
  return lows.flatMap((low) => (highRatios ?? [0]).map((high): [number, number] => [low, high]));
}

/** Label of the row that keeps every frequency. */
export const EP_LABEL = '3D-EP';
/** Label of the other baseline. */
export const STEP_LABEL = 'STEP';

/** Step and σ of all rows, as far as they are not left to F-EP's preset. */
export interface MaskGrid {
  step?: number | undefined;
  sigma?: number | undefined;
}

/** Rows of the bench that tries the cells: the baselines at F-EP's step and σ, then the cells. */
export function rowsOf(
  cells: readonly Cell[],
  modulate: 'energy' | 'reward',
  { step = PRESETS['f-ep'].step, sigma = PRESETS['f-ep'].sigma.large }: MaskGrid,
): MethodInput[] {
  const sameMask = { step, sigma };
  return [
    { method: 'ep', label: EP_LABEL, options: sameMask },
    { method: 'step', label: STEP_LABEL, options: sameMask },
    ...cells.map(({ label, lowRatio, highRatio, domain, temporal }) => ({
      method: 'f-ep' as const,
      label,
      options: { ...sameMask, lowRatio, highRatio, ...inTime(temporal), domain, modulate },
    })),
  ];
}

/** A cell's ratios along time, as `explain` takes them. */
export function inTime(temporal: Cell['temporal']): {
  temporalLowRatio?: number;
  temporalHighRatio?: number;
} {
  return temporal ? { temporalLowRatio: temporal[0], temporalHighRatio: temporal[1] } : {};
}
