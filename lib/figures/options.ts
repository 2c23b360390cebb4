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
  /** Updates of each mask; default 500, where the shipped models' energies have settled. */
  iterations?: number | undefined;
  /** `gradients`: the iteration whose gradients are shown, from 0; default half-way. */
  at?: number | undefined;
  /** `gradients`: how many consecutive frames; default 5, or all of a shorter clip. */
  shown?: number | undefined;
  /** `gradients`: the first of them, from 0; default so that the middle of the clip is shown. */
  from?: number | undefined;
  /** `spectrum`: over how many iterations, evenly spread over the run, it is averaged; default 10. */
  averaged?: number | undefined;
  /** `tradeoff`: r_l of the F-EP runs beside the configured one; r_h is kept as far as there is room. Default .1 .3 .5 .7. */
  lowRatios?: number[] | undefined;
}

export type CheckedFigureOptions = z.output<typeof schema> & { at: number; explain: AnyOptions };

/** @throws FepError `FEP_USAGE` naming every option that is wrong */
export function checkFigureOptions(options: FigureOptions): CheckedFigureOptions {
  requireObject(options, 'options');
  const { only, iterations, at, shown, from, averaged, lowRatios, ...explain } = options;
  const hint = seeHelp('figures');
  const given = parseOptions(schema, { only, iterations, at, shown, from, averaged, lowRatios }, { hint });
  const checked = { ...given, at: given.at ?? Math.floor(given.iterations / 2) };
  if (checked.at >= checked.iterations) {
    const last = checked.iterations - 1;
    throw new FepError('FEP_USAGE', `Iteration ${checked.at} was asked for, but the run ends with ${last}.`, {
      hint,
    });
  }
  return { ...checked, explain: { ...defined(explain), iterations: checked.iterations } };
}
