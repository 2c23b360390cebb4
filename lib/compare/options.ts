import { z } from 'zod';
import { type MethodEntry, methodsSchema } from '../evaluate/entry';
import { areaSchema, curveStepsSchema, maskOptions, removalSchema, seedSchema } from '../evaluate/options';
import { type PlannedMethod, planMethod, refuseNamesakes } from '../evaluate/plan';
import type { Manifest } from '../manifest/manifest';
import { anyOptionsSchema } from '../methods/options';
import { setsTheSearch } from '../methods/presetByDefault';
import { defined } from '../options/defined';
import { parseOptions, seeHelp } from '../options/parseOptions';

/** Everything that decides what a comparison computes. */
export const compareOptionsSchema = z.strictObject({
  /** Rows, as names, as `name@option=value:option=value`, or as objects. */
  methods: methodsSchema,
  ...maskOptions,
  /** What takes the place of deleted voxels. */
  removal: removalSchema,
  /** Of methods that draw random numbers, and of ties. */
  seed: seedSchema,
  /** The class that all methods explain, by name or index; default the class that the model predicts. */
  target: anyOptionsSchema.shape.target,
  /** Area budget of the methods that optimise a mask, in (0, 1], or several: a mask for each. */
  area: areaSchema,
  /** Steps of the deletion and insertion curves; 0 leaves them out. Default 32. */
  curveSteps: curveStepsSchema.default(32),
});

type Shared = Omit<CheckedCompareOptions, 'methods'>;

/** Which methods to compare, and what they have in common. */
export type CompareOptions = z.input<typeof compareOptionsSchema>;
export type CheckedCompareOptions = z.output<typeof compareOptionsSchema>;

/** @throws FepError `FEP_USAGE` naming every option that is wrong, or two methods of one name */
export function checkCompareOptions(options: CompareOptions): CheckedCompareOptions {
  return parseOptions(compareOptionsSchema, options, { of: 'the comparison', hint: seeHelp('compare') });
}

/** Without a word on how masks are searched they take few updates: nobody waits for the 2,000 of each. */
function withPreset(shared: Shared, { options }: MethodEntry): Shared {
  return setsTheSearch({ ...shared, ...defined(options) }) ? shared : { preset: 'quick', ...defined(shared) };
}

/**
 * Plans every method, so that what is wrong is refused before anything slow begins.
 *
 * @param hasBoxes whether the boxes can stand beside the methods
 * @throws FepError `FEP_USAGE` for options out of range, or two methods of one name
 */
export function planComparison(
  { methods, ...shared }: CheckedCompareOptions,
  manifest: Manifest,
  hasBoxes: boolean,
): PlannedMethod[] {
  const planned = methods
    .filter(({ method }) => method !== 'oracle' || hasBoxes)
    .map((entry) => planMethod(entry, withPreset(shared, entry), manifest));
  refuseNamesakes(
    'method',
    planned.map(({ label }) => label),
    'Leave one out, or give one other options.',
  );
  return planned;
}
