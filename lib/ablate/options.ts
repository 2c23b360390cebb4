import { z } from 'zod';
import { benchOptionsSchema } from '../bench/settings/options';
import { parseOptions, seeHelp } from '../options/parseOptions';

const share = z.number().min(0).max(1);
const { step, sigma } = benchOptionsSchema.shape;

/** Options of an ablation: those of a bench, with settings of F-EP in place of methods. */
export const ablateOptionsSchema = benchOptionsSchema.omit({ methods: true }).extend({
  /** Values of r_l; default those of the paper's supplement. */
  lowRatios: z.array(share).min(1).optional(),
  /** Values of r_h, combined with every r_l such that r_l + r_h ≤ 1; default those of the supplement. */
  highRatios: z.array(share).min(1).optional(),
  /** Pairs of r_l and r_h along time, each tried with every setting in addition to the setting's own ratios. */
  temporal: z
    .array(z.tuple([share, share]))
    .min(1)
    .optional(),
  /**
   * Courses of the bands, each tried with every setting: `constant`, or the shares of the run between which they open from
   * r_l and r_h to all frequencies. Default that of the preset.
   */
  courses: z
    .array(z.union([z.literal('constant'), z.tuple([share, share])]))
    .min(1)
    .optional(),
  /** Step and σ in pixels, each tried with every setting and with the baselines, in place of `step` and `sigma`. */
  grids: z
    .array(z.tuple([step.unwrap(), sigma.unwrap()]))
    .min(1)
    .optional(),
  /** Domains in which the gradient is modulated. Default `parameters` only. */
  domains: z
    .array(z.enum(['parameters', 'mask']))
    .min(1)
    .default(['parameters']),
  /** The gradient that is modulated. Default `energy`, as in the paper. */
  modulate: z.enum(['energy', 'reward']).default('energy'),
});

/** Options of `ablate`, before defaults are filled in. */
export type AblateOptions = z.input<typeof ablateOptionsSchema>;
export type ResolvedAblation = z.output<typeof ablateOptionsSchema>;

/** @throws FepError `FEP_USAGE` naming every invalid option */
export function parseAblateOptions(options: unknown): ResolvedAblation {
  return parseOptions(ablateOptionsSchema, options, { of: 'the ablation', hint: seeHelp('ablate') });
}
