import type { Manifest } from '../manifest/manifest';

/** How the learning rate changes during a run. */
export const SCHEDULES = ['published', 'fast', 'quick'] as const;
export type Schedule = (typeof SCHEDULES)[number];

/** What a schedule changes of a method's preset; nothing the published one. */
interface Pace {
  /** Updates where nothing else is said. */
  iterations: number;
  /** The same of a mask from which the search for the smallest one goes on. */
  beforeSearch?: number;
  /** Of the descent, and its dampening. */
  momentum?: number;
}

const PACES: Partial<Record<Schedule, Pace>> = {
  fast: { iterations: 120 },
  quick: { iterations: 60, beforeSearch: 50, momentum: 0.8 },
};

/** What a schedule that is not the published one changes. */
export function paceOf(schedule: Schedule | undefined): Pace | undefined {
  return schedule && PACES[schedule];
}

/** Updates of a mask where nothing else is said; undefined where its method says so. */
export function updatesOf(schedule: Schedule | undefined, searches: boolean): number | undefined {
  const pace = paceOf(schedule);
  return (searches ? pace?.beforeSearch : undefined) ?? pace?.iterations;
}

/** Free parameters of F-EP's preset on 16 frames of 112×112, where ε is the preset's. */
const PRESET_PARAMETERS = 16 * 9 * 9;

/**
 * How many times the preset's ε that of the fast and the quick schedule is.
 *
 * The finer the grid of parameters, the less of the mask each of them rules and the smaller its gradient, so that the
 * published ε takes finer grids more iterations; their ε grows with the number of parameters instead.
 */
export function fastPace({ step, manifest }: { step: number; manifest: Manifest }): number {
  const { frames, height, width } = manifest.input;
  return (frames * Math.ceil(height / step) * Math.ceil(width / step)) / PRESET_PARAMETERS;
}
