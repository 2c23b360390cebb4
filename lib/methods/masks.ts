import { z } from 'zod';
import type { Manifest } from '../manifest/manifest';
import { describeMethod } from './method';
import { modulationOptions } from './modulation';
import { option, type Settled } from './option';
import { arithmeticFor, type Preset, presetSigma, SETTINGS_OF } from './presets';
import { fastPace, paceOf, SCHEDULES, type Schedule, updatesOf } from './schedule';

/** What the default of a mask's option may depend on. */
export interface MaskContext {
  preset: Preset;
  manifest: Manifest;
  step: number;
  schedule: Schedule | undefined;
  /** Whether the smallest mask is searched. */
  searches: boolean;
}

const area = z.number().gt(0).max(1);

/** One area budget in (0, 1], or several. */
export const areaBudgets = z.union([area, z.array(area).min(1).max(64)]);

/** Area budgets, of all methods that optimise masks. */
export const areaOption = {
  /**
   * Area budget a in (0, 1], or several: one mask is made for each, all in one run, as many at once as memory holds.
   * `smallest` searches the smallest mask on which the class keeps the share `keep` of its probability: the default of
   * `quick`; of the published settings it is 0.1.
   */
  area: option(z.union([areaBudgets, z.literal('smallest')]), {
    help: 'share of the clip to keep, several, or smallest',
    value: 'share',
    default: 0.1,
    defaultText: 'smallest with quick, else 0.1',
    source: 'a of Eq. (1)',
  }),
  /** With `area: 'smallest'`: the share of the class's probability on the clip that the mask has to keep; default 0.9. */
  keep: option(z.number().gt(0).max(1), {
    help: 'probability that the smallest mask keeps',
    value: 'share',
    default: 0.9,
  }),
};

/** What the mask answers, and in how many frames. */
const questionOptions = {
  /**
   * What the mask answers. `preserve`: what is enough, the class kept on M ⊗ X. `delete`: what is needed, the class lost on
   * (1 − M) ⊗ X, which is the clip without what the mask covers. `dual`: both at once, at twice the cost.
   */
  variant: option(z.enum(['preserve', 'delete', 'dual']), {
    help: 'what is enough, what is needed, or both',
    value: 'name',
    default: 'preserve',
    source: 'Fong, Patrick & Vedaldi (2019)',
    sparse: true,
  }),
  /**
   * Share of the frames that a mask may use, in (0, 1]. Those in which it keeps least in the middle of the run fade from then
   * on. With 1 no frame does.
   */
  framesBudget: option(z.number().gt(0).max(1), {
    help: 'frames that a mask may use',
    value: 'share',
    default: 1,
    sparse: true,
  }),
};

const iterationsOption = {
  /** Updates of the mask; the search for the smallest one takes half as many more. */
  iterations: option(z.number().int().min(1).max(1_000_000), {
    help: 'updates of the mask',
    value: 'n',
    default: ({ schedule, searches, preset }: MaskContext) =>
      updatesOf(schedule, searches) ?? preset.iterations,
    defaultText: "quick: 60, or 50 before a search; fast: 120; else the method's preset",
  }),
};

const scheduleOption = {
  /**
   * `fast` makes 120 updates in place of the published 2,000: once the mask has its place, the learning rate rises to
   * five times its value, and falls at the end. `quick` makes 60, or 50 before a search for the smallest mask, with less momentum. Of `f-ep`, `ep` and `ep-2d`; not with
   * `until`. Default `published`.
   */
  schedule: option(z.enum(SCHEDULES), {
    help: 'fast: 120 longer updates for 2,000; quick: 50 or 60',
    value: 'name',
    default: 'published',
    defaultText: 'published; quick with the preset quick',
    sparse: true,
  }),
};

const presetOption = {
  /**
   * Whose settings are taken where an option is left out. `paper`: the published ones. `quick`: a budget that counts the
   * frame; of `f-ep`, `ep` and `ep-2d` the smallest mask, and 75 updates in place of 2,000; of `step` 150; of `f-ep` a grid
   * of step 7 and bands that open from coarse to fine, which gives smaller masks. Default `quick` of `f-ep`, but `paper` where an option
   * says how its mask is searched (updates, schedule, end, grid, weights, bands, or what the area is a share of); `paper` of
   * other methods.
   */
  preset: option(z.enum(SETTINGS_OF), {
    help: 'published settings, or few updates and small masks',
    value: 'name',
    default: null,
    defaultText: 'quick of f-ep, unless an option says how its mask is searched; else paper',
  }),
};

/** Where the mask's parameters lie, and when the run ends. */
const gridOptions = {
  /**
   * `converged` ends a run before `iterations` once every mask has settled: when the mean energy of 30 iterations
   * differs from that of the 30 before by at most 0.05 % of the energy's whole fall. Default `iterations`.
   */
  until: option(z.enum(['iterations', 'converged']), {
    help: 'stop early, once the energies have settled',
    value: 'end',
    default: 'iterations',
  }),
  /** Pixels between control points of the mask. */
  step: option(z.number().int().min(1).max(4096), {
    help: 'distance of control points',
    value: 'pixels',
    default: ({ step }: MaskContext) => step,
    defaultText: '13 of f-ep, else 7; 7 with quick',
  }),
  /** Reach of a control point, pixels. */
  sigma: option(z.number().gt(0).max(4096), {
    help: 'reach of a control point',
    value: 'pixels',
    default: ({ preset, manifest }: MaskContext) => presetSigma(preset, manifest),
    defaultText: "the method's preset for frames of this size",
  }),
};

/** How the energy is computed and weighted. */
const energyOptions = {
  /** What the area budget is a share of: the padded canvas, as published, or the frame. */
  areaOver: option(z.enum(['canvas', 'frame']), {
    help: 'what the area is a share of',
    value: 'what',
    default: 'canvas',
    defaultText: 'canvas; frame with quick',
  }),
  /**
   * Whose order of operations: `fused` is fast, `published` follows the rounding of the published implementations,
   * which the loop amplifies. Default `published` for small clips, where it costs little; see `arithmeticFor`.
   */
  arithmetic: option(z.enum(['fused', 'published']), {
    help: 'fast, or with the rounding of published code',
    value: 'order',
    default: ({ manifest }: MaskContext) => arithmeticFor(manifest),
    defaultText: 'published for clips of up to 16×64×64 voxels, else fused',
  }),
  /**
   * On a GPU, hands it iterations as a CUDA graph instead of kernel by kernel; `timing.replayed` says how many. Those of
   * `step` and `torchray`, whose λ grows, and of the search for the smallest mask are no two alike and never are. Not tried on a GPU yet, so default false.
   */
  cudaGraph: option(z.boolean(), {
    help: 'on a GPU: hand it whole iterations',
    default: false,
    sparse: true,
  }),
  /** w_r, the weight of the reward. */
  rewardWeight: option(z.number().gt(0), {
    help: 'weight of the reward',
    value: 'w_r',
    default: ({ preset }: MaskContext) => preset.rewardWeight,
    defaultText: "the method's preset",
    source: 'Eq. (1)',
  }),
  /** λ, the weight of the area energy. */
  areaWeight: option(z.number().min(0), {
    help: 'weight of the area energy',
    value: 'λ',
    default: ({ preset }: MaskContext) => preset.areaWeight,
    defaultText: "the method's preset",
    source: 'λ of Eq. (1)',
  }),
  /** ε, the learning rate. */
  learningRate: option(z.number().gt(0), {
    help: 'how far an update goes',
    value: 'ε',
    default: (context: MaskContext) =>
      context.preset.learningRate * (paceOf(context.schedule) ? fastPace(context) : 1),
    defaultText: "the method's preset",
    source: 'ε of Eq. (3)',
  }),
};

/** How a mask is searched. */
export const searchSettings = { ...iterationsOption, ...scheduleOption, ...gridOptions, ...energyOptions };

/** The options that a mask's configuration and the addon have under their own names. */
export const maskSettings = { ...questionOptions, ...searchSettings };

/** Their values as a configuration records them. */
export type MaskSettings = Settled<typeof maskSettings>;

const anyMask = {
  ...presetOption,
  ...areaOption,
  ...questionOptions,
  ...iterationsOption,
  ...gridOptions,
  ...energyOptions,
};
const scheduled = { ...presetOption, ...areaOption, ...maskSettings };

/** Methods that optimise a mask of a given area. */
export const MASKS = [
  describeMethod(
    'f-ep',
    'F-EP',
    'Frequency-based Extremal Perturbation: EP, its gradient filtered with a 3-D DCT',
    {
      ...presetOption,
      ...areaOption,
      ...questionOptions,
      ...iterationsOption,
      ...scheduleOption,
      ...gridOptions,
      ...modulationOptions,
      ...energyOptions,
    },
  ),
  describeMethod('ep', '3D-EP', 'Extremal Perturbation, one area budget for all frames', scheduled),
  describeMethod('ep-2d', '2D-EP', 'Extremal Perturbation, an area budget for each frame', scheduled),
  describeMethod(
    'step',
    'STEP',
    'Spatio-Temporal Extremal Perturbation: EP and an energy that rewards compact cores',
    anyMask,
  ),
  describeMethod(
    'torchray',
    'EP (TorchRay)',
    'Extremal Perturbation as published for images: raw activation, growing area weight, mirrored every other step',
    anyMask,
  ),
] as const;
