import { z } from 'zod';
import { benchOptionsSchema } from '../bench/settings/options';
import { parseOptions, seeHelp } from '../options/parseOptions';

const share = z.number().min(0).max(1);

/** What an ablation may be told: a bench's options, and which settings of F-EP to try in place of methods. */
export const ablateOptionsSchema = benchOptionsSchema.omit({ methods: true }).extend({
  /** r_l; default those of the paper's supplement. */
  lowRatios: z.array(share).min(1).optional(),
  /** r_h, tried with every r_l as far as r_l + r_h ≤ 1; default those of the supplement. */
  highRatios: z.array(share).min(1).optional(),
  /** r_l and r_h along time alone, each tried with every setting beside that setting's own. */
  temporal: z
    .array(z.tuple([share, share]))
    .min(1)
    .optional(),
  /** Where the gradient is modulated. Default `parameters` alone. */
  domains: z
    .array(z.enum(['parameters', 'mask']))
    .min(1)
    .default(['parameters']),
  /** What is modulated. Default `energy`, as in the paper. */
  modulate: z.enum(['energy', 'reward']).default('energy'),
});

/** Options of `ablate`, before defaults are filled in. */
export type AblateOptions = z.input<typeof ablateOptionsSchema>;
export type ResolvedAblation = z.output<typeof ablateOptionsSchema>;

/** @throws FepError `FEP_USAGE` naming every option that is wrong */
export function parseAblateOptions(options: unknown): ResolvedAblation {
  return parseOptions(ablateOptionsSchema, options, { of: 'the ablation', hint: seeHelp('ablate') });
}
