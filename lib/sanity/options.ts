import { z } from 'zod';
import { METHODS } from '../methods/methods';
import { anyOptionsSchema } from '../methods/options';
import { parseOptions, seeHelp } from '../options/parseOptions';

const shape = anyOptionsSchema.shape;

/** What is checked, and how the methods run for it. */
export const sanityOptionsSchema = z.strictObject({
  /** Default: one of each family, and the controls `random` and `center`, which must fail. */
  methods: z
    .array(z.enum(METHODS))
    .min(1)
    .default([
      'f-ep',
      'ep',
      'step',
      'gradients',
      'integrated-gradients',
      'smoothgrad',
      'grad-cam',
      'rise',
      'random',
      'center',
    ]),
  /** Shares of the parameter tensors that are randomised, from the output down. Default 0.25, 0.5, 1. */
  shares: z.array(z.number().gt(0).max(1)).min(1).default([0.25, 0.5, 1]),
  /** Updates of each mask; fewer than a preset's, as there are a dozen masks a method. Default 300. */
  iterations: shape.iterations.default(300),
  area: z.number().gt(0).max(1).default(0.1),
  step: shape.step,
  sigma: shape.sigma,
  samples: shape.samples,
  /** Of the methods' random numbers, of the randomised parameters and of the shuffled frames. Default 0. */
  seed: z.number().int().min(0).max(0x7fffffff).default(0),
});

/** Options of `checkSanity`, before defaults are filled in. */
export type SanityOptions = z.input<typeof sanityOptionsSchema>;
/** The same, checked. */
export type ResolvedSanity = z.output<typeof sanityOptionsSchema>;

/** @throws FepError `FEP_USAGE` naming every option that is wrong */
export function parseSanityOptions(options: unknown): ResolvedSanity {
  return parseOptions(sanityOptionsSchema, options, { of: 'the sanity checks', hint: seeHelp('sanity') });
}
