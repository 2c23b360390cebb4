import { z } from 'zod';
import { parseOptions, seeHelp } from '../options/parseOptions';
import { METHODS } from './methods';
import { PERTURBATIONS } from './perturbation';

const share = z.number().min(0).max(1);
const cell = z.number().int().min(1).max(1024);

/** Everything that `explain` can be told; what is left out comes from the method's preset. */
export const explainOptionsSchema = z.strictObject({
  /** Default `f-ep`. */
  method: z.enum(METHODS).optional(),
  /** The class to explain, by name or index; default the class that the model predicts. */
  target: z.union([z.string(), z.number().int().min(0)]).optional(),
  /** Area budget a in (0, 1], or several: one mask is made for each, all in one run, as many
   * at once as memory holds. Default 0.1. */
  area: z.union([share.gt(0), z.array(share.gt(0)).min(1).max(64)]).optional(),
  /** Updates of the mask. */
  iterations: z.number().int().min(1).max(1_000_000).optional(),
  /**
   * `fast` makes 120 updates in place of the published 2,000: once the mask has its place, the learning rate rises to
   * five times its value, to fall in the end. Of `f-ep`, `ep` and `ep-2d`; not with `until`. Default `published`.
   */
  schedule: z.enum(['published', 'fast']).optional(),
  /**
   * `converged` ends a run before `iterations` once every mask has settled: when the mean energy of 30 iterations
   * differs from that of the 30 before by at most 0.05 % of the energy's whole fall. Default `iterations`.
   */
  until: z.enum(['iterations', 'converged']).optional(),
  /** Pixels between control points of the mask. */
  step: z.number().int().min(1).max(4096).optional(),
  /** Reach of a control point, pixels. */
  sigma: z.number().gt(0).max(4096).optional(),
  /** r_l, the share of low frequencies that F-EP keeps, in [0, 1]. Eq. (6). */
  lowRatio: share.optional(),
  /** r_h, the share of high frequencies that F-EP keeps, in [0, 1]; r_l + r_h <= 1. Eq. (6). */
  highRatio: share.optional(),
  /** r_l along time alone, in [0, 1]; default `lowRatio`. */
  temporalLowRatio: share.optional(),
  /** r_h along time alone, in [0, 1]; default `highRatio`. */
  temporalHighRatio: share.optional(),
  /** Where F-EP's gradient is modulated: on the grid of parameters or on the frame's pixels. */
  domain: z.enum(['parameters', 'mask']).optional(),
  /** What F-EP modulates: the gradient of the whole energy, as the paper has it, or of the reward alone. */
  modulate: z.enum(['energy', 'reward']).optional(),
  /** What the area budget is a share of: the padded canvas, as published, or the frame. */
  areaOver: z.enum(['canvas', 'frame']).optional(),
  /**
   * Whose order of operations: `fused` is fast, `published` follows the rounding of the published implementations,
   * which the loop amplifies. Default `published` for small clips, where it costs little; see `arithmeticFor`.
   */
  arithmetic: z.enum(['fused', 'published']).optional(),
  /**
   * On a GPU, hands it iterations as a CUDA graph instead of kernel by kernel; `timing.replayed` says how many. Those of
   * `step` and `torchray`, whose λ grows, are no two alike and never are. Not tried on a GPU yet, so default false.
   */
  cudaGraph: z.boolean().optional(),
  /** What takes the place of what the mask does not keep. */
  perturbation: z.enum(PERTURBATIONS).optional(),
  /** w_r, the weight of the reward. */
  rewardWeight: z.number().gt(0).optional(),
  /** λ, the weight of the area energy. */
  areaWeight: z.number().min(0).optional(),
  /** ε, the learning rate. */
  learningRate: z.number().gt(0).optional(),
  /** Points on the way from the baseline at which `integrated-gradients` looks; default 25. */
  integrationSteps: z.number().int().min(1).max(1_000_000).optional(),
  /** Where that way begins: a clip that is black everywhere (default), or has the mean colour. */
  baseline: z.enum(['black', 'mean']).optional(),
  /** Noisy clips of the `smoothgrad` methods (default 25), or masks of `rise` (default 500). */
  samples: z.number().int().min(1).max(1_000_000).optional(),
  /** σ of the `smoothgrad` methods' noise as a share of the clip's range, max − min; default 0.15. */
  noise: z.number().min(0).max(10).optional(),
  /** The layer that `grad-cam` looks at; see `VideoModel.layers`. Default: the manifest's, else the last fitting. */
  layer: z.string().min(1).optional(),
  /** What shares a channel's weight in `grad-cam`: the whole clip (default), or each frame its own. */
  camWeights: z.enum(['clip', 'frame']).optional(),
  /** Cells of the random grid of `rise` and `random` along T, H and W; default 4, 7 and 7. */
  cells: z.tuple([cell, cell, cell]).optional(),
  /** Of all random numbers, so that a run can be repeated; default 0. F-EP and its peers draw none. */
  seed: z.number().int().min(0).optional(),
});

/** What a method can be told; what is left out comes from the method's preset. */
export type ExplainOptions = z.infer<typeof explainOptionsSchema>;

/** @throws FepError `FEP_USAGE` naming every option that is wrong */
export function parseExplainOptions(options: unknown): ExplainOptions {
  return parseOptions(explainOptionsSchema, options, { hint: seeHelp('explain') });
}
