import { z } from 'zod';
import { labelOf } from '../bench/settings/methods';
import { benchOptionsSchema, type MethodEntry } from '../bench/settings/options';
import { FepError } from '../errors/fepError';
import type { Manifest } from '../manifest/manifest';
import { isMaskMethod } from '../methods/methods';
import { anyOptionsSchema, type ExplainOptions } from '../methods/options';
import { resolveConfig } from '../methods/resolve';
import { defined } from '../options/defined';
import { parseOptions, seeHelp } from '../options/parseOptions';

const areaSchema = z.number().gt(0).max(1);

/** Everything that decides what a comparison computes. */
export const compareOptionsSchema = benchOptionsSchema
  .pick({
    ...{ methods: true, iterations: true, step: true, sigma: true, areaOver: true, cudaGraph: true },
    ...{ removal: true, seed: true },
  })
  .extend({
    /** The class that all methods explain, by name or index; default the class that the model predicts. */
    target: anyOptionsSchema.shape.target,
    /** Area budget of the methods that optimise a mask, in (0, 1], or several: a mask for each. */
    area: z.union([areaSchema, z.array(areaSchema).min(1).max(64)]).default(0.1),
    /** Steps of the deletion and insertion curves; 0 leaves them out. Default 32. */
    curveSteps: z.number().int().min(0).max(4096).default(32),
  });

/** Which methods to compare, and what they have in common. */
export type CompareOptions = z.input<typeof compareOptionsSchema>;
export type CheckedCompareOptions = z.output<typeof compareOptionsSchema>;

/** A method of a comparison, all options in one place. */
export interface PlannedMethod {
  label: string;
  /** What `explain` is told; null for the boxes themselves. */
  options: ExplainOptions | null;
  control: boolean;
}

const CONTROLS: readonly string[] = ['random', 'center', 'oracle'];

/** @throws FepError `FEP_USAGE` naming every option that is wrong, or two methods of one name */
export function checkCompareOptions(options: CompareOptions): CheckedCompareOptions {
  return parseOptions(compareOptionsSchema, options, { of: 'the comparison', hint: seeHelp('compare') });
}

/**
 * What each method is told.
 *
 * @param hasBoxes whether the boxes can stand beside the methods
 * @throws FepError `FEP_USAGE` for options out of range, or two methods of one name
 */
export function planMethods(
  options: CheckedCompareOptions,
  manifest: Manifest,
  hasBoxes: boolean,
): PlannedMethod[] {
  const planned = options.methods
    .filter(({ method }) => method !== 'oracle' || hasBoxes)
    .map((entry) => planMethod(entry, options, manifest));
  const labels = planned.map(({ label }) => label);
  const twice = labels.find((label, i) => labels.indexOf(label) !== i);
  if (twice === undefined) return planned;
  throw new FepError('FEP_USAGE', `There are two rows for the method ${twice}.`, {
    hint: 'Leave one out, or give one other options.',
  });
}

function planMethod(
  entry: MethodEntry,
  { target, area, iterations, step, sigma, areaOver, cudaGraph, seed }: CheckedCompareOptions,
  manifest: Manifest,
): PlannedMethod {
  const { method } = entry;
  const row = { label: labelOf(entry), control: CONTROLS.includes(method) };
  if (method === 'oracle') return { ...row, options: null };
  const shared = isMaskMethod(method) ? { area, iterations, step, sigma, areaOver, cudaGraph } : {};
  const options = {
    ...defined({ method, target, seed, ...shared }),
    ...defined(entry.options),
  } as ExplainOptions;
  resolveConfig(options, manifest); // refuses what is wrong before anything slow begins
  return { ...row, options };
}
