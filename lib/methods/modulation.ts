import { z } from 'zod';
import { FepError } from '../errors/fepError';
import type { Manifest } from '../manifest/manifest';
import { option, settle } from './option';
import { publishedRatios } from './presets';
import type { Schedule } from './schedule';

const ratio = z.number().min(0).max(1);

/** What the defaults of a course depend on. */
interface CourseContext {
  schedule?: Schedule | undefined;
}

/** How F-EP's bands change during a run. */
const courseOptions = {
  /**
   * How F-EP's bands change during a run: `constant`, as in the paper, or `coarse-to-fine`: between `courseBegin` and
   * `courseEnd` r_l grows to 1 and r_h falls to 0. Low frequencies give the mask its place, the others its outline.
   */
  course: option(z.enum(['constant', 'coarse-to-fine']), {
    help: 'bands that open during the run, or not',
    value: 'name',
    default: 'constant',
    defaultText: 'constant; coarse-to-fine with quick',
  }),
  /** Share of the run after which the bands of `coarse-to-fine` begin to open, in [0, 1]. */
  courseBegin: option(ratio, {
    help: 'when coarse-to-fine begins to open',
    value: 'share',
    default: ({ schedule }: CourseContext) => (schedule === 'quick' ? 0.1 : 0.2),
    defaultText: '0.2; 0.1 of the schedule quick',
  }),
  /** Share of the run after which every frequency passes, in [0, 1]; at least `courseBegin`. */
  courseEnd: option(ratio, {
    help: 'when every frequency passes',
    value: 'share',
    default: ({ schedule }: CourseContext) => (schedule === 'quick' ? 0.5 : 0.7),
    defaultText: '0.7; 0.5 of the schedule quick',
  }),
};

/** What F-EP alone can be told. */
export const modulationOptions = {
  /** r_l, the share of low frequencies that F-EP keeps, in [0, 1]. Eq. (6). */
  lowRatio: option(ratio, {
    help: 'low frequencies that F-EP keeps',
    value: 'share',
    default: null,
    defaultText: '0.5; 0.1 for coarse-to-fine',
    source: 'r_l of Eq. (6)',
  }),
  /** r_h, the share of high frequencies that F-EP keeps, in [0, 1]; r_l + r_h <= 1. Eq. (6). */
  highRatio: option(ratio, {
    help: 'high frequencies that F-EP keeps',
    value: 'share',
    default: null,
    defaultText: '0.1 for TSM, else 0.2; 0 for coarse-to-fine',
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
  ...courseOptions,
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
  /** Where the bands open during the run: from `courseBegin` to `courseEnd`, shares of it. Absent where they are constant. */
  course?: 'coarse-to-fine';
  courseBegin?: number;
  courseEnd?: number;
}

/** What the options of F-EP's modulation may hold. */
export interface ModulationOptions extends Partial<Record<keyof FrequencyBands, number | undefined>> {
  schedule?: Schedule | undefined;
  domain?: Modulation['domain'] | undefined;
  modulate?: Modulation['part'] | undefined;
  course?: 'constant' | 'coarse-to-fine' | undefined;
  courseBegin?: number | undefined;
  courseEnd?: number | undefined;
}

/** Where coarse-to-fine begins unless told otherwise: nearly constant in space and time. */
const COARSE = { lowRatio: 0.1, highRatio: 0 };

/** @throws FepError `FEP_USAGE` for ratios that keep no frequency, or some twice, and for a course that is none */
export function resolveModulation(options: ModulationOptions, manifest: Manifest): Modulation {
  const course = resolveCourse(options);
  const { lowRatio, highRatio } = pairOfRatios(options, course ? COARSE : publishedRatios(manifest));
  checkRatios('', lowRatio, highRatio);
  const { temporalLowRatio = lowRatio, temporalHighRatio = highRatio } = options;
  checkRatios('temporal ', temporalLowRatio, temporalHighRatio);
  const { domain, modulate: part } = settle(modulationOptions, { ...options }, {});
  return { lowRatio, highRatio, temporalLowRatio, temporalHighRatio, domain, part, ...course };
}

/** Undefined where the bands are constant. */
function resolveCourse(options: ModulationOptions) {
  const { course, courseBegin, courseEnd } = settle(
    courseOptions,
    { ...options },
    { schedule: options.schedule },
  );
  if (course === 'constant') {
    if (options.courseBegin === undefined && options.courseEnd === undefined) return undefined;
    throw new FepError('FEP_USAGE', 'courseBegin and courseEnd belong to the course coarse-to-fine.', {
      hint: 'Add --course coarse-to-fine, or leave them out.',
    });
  }
  if (courseBegin <= courseEnd) return { course, courseBegin, courseEnd };
  throw new FepError(
    'FEP_USAGE',
    `The bands cannot be open at ${courseEnd} of the run before they begin to open at ${courseBegin}.`,
    { hint: 'courseBegin must be at most courseEnd.' },
  );
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
