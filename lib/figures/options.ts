import { z } from 'zod';
import { FepError } from '../errors/fepError';
import type { AnyOptions, OptionName } from '../methods/options';
import { defined } from '../options/defined';
import { parseOptions, seeHelp } from '../options/parseOptions';
import { requireObject } from '../options/requireArguments';

/** The figures that can be drawn. */
export const FIGURES = ['gradients', 'spectrum', 'departure', 'tradeoff'] as const;
/** A figure of the method on one clip. */
export type FigureName = (typeof FIGURES)[number];

const iteration = z.number().int().min(0);

const schema = z.strictObject({
  only: z.array(z.enum(FIGURES)).min(1).optional(),
  iterations: z.number().int().min(2).max(1_000_000).default(500),
  at: iteration.optional(),
  shown: z.number().int().min(1).max(16).default(5),
  from: z.number().int().min(0).optional(),
  averaged: z.number().int().min(1).max(1000).default(10),
  lowRatios: z.array(z.number().gt(0).max(1)).max(20).default([0.1, 0.3, 0.5, 0.7]),
});

/** Options of F-EP that the runs behind the figures take as `explain` does. */
export const RUN_OPTIONS = [
  'target',
  'perturbation',
  'step',
  'sigma',
  'areaOver',
  'rewardWeight',
  'areaWeight',
  'learningRate',
  'lowRatio',
  'highRatio',
  'domain',
  'modulate',
] as const satisfies OptionName[];

/** F-EP's options as `explain` takes them, one area only, and what the figures are to show. */
export interface FigureOptions extends Pick<AnyOptions, (typeof RUN_OPTIONS)[number]> {
  /** Which figures; default all. */
  only?: FigureName[] | undefined;
  /** Area budget a in (0, 1]; default 0.1. */
  area?: number | undefined;
  /** Updates of each mask; default 500, after which the energies of the shipped models have converged. */
  iterations?: number | undefined;
  /** `gradients`: the 0-based iteration whose gradients are shown; default the middle. */
  at?: number | undefined;
  /** `gradients`: number of consecutive frames; default 5, or all frames of a shorter clip. */
  shown?: number | undefined;
  /** `gradients`: the first of these frames, 0-based; by default they are centred in the clip. */
  from?: number | undefined;
  /** `spectrum`: number of iterations, evenly spread over the run, to average; default 10. */
  averaged?: number | undefined;
  /** `tradeoff`: r_l of additional F-EP runs; r_h is reduced to at most 1 − r_l. Default 0.1, 0.3, 0.5, 0.7. */
  lowRatios?: number[] | undefined;
}

export type CheckedFigureOptions = z.output<typeof schema> & { at: number; explain: AnyOptions };

/** @throws FepError `FEP_USAGE` naming every invalid option */
export function checkFigureOptions(options: FigureOptions): CheckedFigureOptions {
  requireObject(options, 'options');
  const { only, iterations, at, shown, from, averaged, lowRatios, ...explain } = options;
  const hint = seeHelp('figures');
  const given = parseOptions(schema, { only, iterations, at, shown, from, averaged, lowRatios }, { hint });
  const checked = { ...given, at: given.at ?? Math.floor(given.iterations / 2) };
  if (checked.at >= checked.iterations) {
    const last = checked.iterations - 1;
    throw new FepError('FEP_USAGE', `Iteration ${checked.at} is out of range; the last one is ${last}.`, {
      hint,
    });
  }
  return { ...checked, explain: { ...defined(explain), iterations: checked.iterations } };
}
