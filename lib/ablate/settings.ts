import { PRESETS } from '../methods/presets';

/** One setting of F-EP. */
export interface Setting {
  /** r_l and r_h, Eq. (6). */
  lowRatio: number;
  highRatio: number;
  domain: Domain;
  /** r_l and r_h along time, if they differ from those of space. */
  temporal?: RatioPair;
  /** How the bands change during the run; without it, as the preset has it. */
  course?: Course;
  /** The grid of the mask's parameters. */
  grid: MaskGrid;
  /** Name of the setting's row. */
  label: string;
  /** Names of the rows of 3D-EP and STEP on the same grid. */
  baselines: Record<'ep' | 'step', string>;
}

/** r_l and r_h. */
export type RatioPair = readonly [low: number, high: number];

/** The domain in which F-EP modulates the gradient. */
export type Domain = 'parameters' | 'mask';

/** Bands that stay as they are, or the shares of the run between which they open. */
export type Course = 'constant' | readonly [begin: number, end: number];

/** Where a mask's parameters lie: pixels between control points, and reach of each in pixels. */
export interface MaskGrid {
  step: number;
  sigma: number;
}

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

/** What to try: every combination. */
export interface Trial {
  /** Values of r_l; without these and `highRatios`, the settings of the supplement. */
  lowRatios?: number[] | undefined;
  /** Values of r_h; default 0 only. */
  highRatios?: number[] | undefined;
  domains: readonly Domain[];
  /** Pairs of r_l and r_h along time, each tried with every setting in addition to the setting's own ratios. */
  temporal?: readonly RatioPair[] | undefined;
  /** Courses of the bands; default that of the preset. */
  courses?: readonly Course[] | undefined;
  /** Step and σ; default those published for F-EP, whatever the preset. */
  grids?: readonly MaskGrid[] | undefined;
}

/** Step and σ of F-EP's published settings, for what is left out. */
export function maskGrid(step: number | undefined, sigma: number | undefined): MaskGrid {
  const { step: published, sigma: reach } = PRESETS['f-ep'];
  return { step: step ?? published, sigma: sigma ?? reach.large };
}

/**
 * The settings to try with 0 < r_l + r_h ≤ 1, ordered by grid, domain, course, temporal ratios, r_l and r_h. A label names
 * what differs between them.
 */
export function settingsOf(trial: Trial): Setting[] {
  const { domains, temporal = [], courses, grids = [maskGrid(undefined, undefined)] } = trial;
  const ofDomain = nameWhere(domains, (domain) => domain);
  const ofCourse = nameWhere(courses ?? [], describeCourse);
  const ofGrid = nameWhere(grids, describeGrid);
  const places = grids.flatMap((grid) => domains.map((domain) => ({ grid, domain })));
  const wheres = places.flatMap((place) => [
    ...(courses ?? [undefined]).map((course) => ({ ...place, ...(course && { course }) })),
  ]);
  const times = [undefined, ...temporal.filter(isValid)];
  return wheres.flatMap(({ grid, domain, course }) =>
    times.flatMap((time) =>
      pairsOf(trial).map(([lowRatio, highRatio]) => {
        const inTime = time ? ` (T ${time.join('/')})` : '';
        const where = `${ofDomain(domain)}${course ? ofCourse(course) : ''}${ofGrid(grid)}`;
        const label = `F-EP ${lowRatio}/${highRatio}${inTime}${where}`;
        const baselines = { ep: `3D-EP${ofGrid(grid)}`, step: `STEP${ofGrid(grid)}` };
        const bands = { lowRatio, highRatio, ...(time && { temporal: time }), ...(course && { course }) };
        return { ...bands, domain, grid, label, baselines };
      }),
    ),
  );
}

/** `step 7/11`. */
export function describeGrid({ step, sigma }: MaskGrid): string {
  return `step ${step}/${sigma}`;
}

/** `constant`, or `course 0.2/0.7`. */
export function describeCourse(course: Course): string {
  return course === 'constant' ? course : `course ${course.join('/')}`;
}

/** Names a value where there are several of its kind. */
function nameWhere<T>(values: readonly T[], name: (value: T) => string): (value: T) => string {
  return (value) => (values.length > 1 ? ` ${name(value)}` : '');
}

function isValid([low, high]: RatioPair): boolean {
  return low + high > 0 && low + high <= 1 + 1e-9;
}

function pairsOf({ lowRatios, highRatios }: Trial): RatioPair[] {
  const lows = lowRatios ?? SUPPLEMENT.map(([low]) => low);
  const pairs =
    lowRatios === undefined && highRatios === undefined
      ? SUPPLEMENT.flatMap(([low, highs]) => highs.map((high): RatioPair => [low, high]))
      : lows.flatMap((low) => (highRatios ?? [0]).map((high): RatioPair => [low, high]));
  return pairs.filter(isValid);
}
