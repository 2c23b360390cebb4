import type { Manifest } from '../manifest/manifest';

/** What a preset settles; every field can be overridden. */
export interface Preset {
  budget: 'clip' | 'frame';
  reward: 'log-probability' | 'activation';
  rewardWeight: number;
  areaWeight: number;
  areaGrowth: number;
  coreWeight: number;
  iterations: number;
  learningRate: number;
  flipEven: boolean;
  /** Pixels between control points. */
  step: number;
  /** Reach of a control point in pixels, for frames of about 112 and of about 224 pixels. */
  sigma: { small: number; large: number };
  /** Whether the gradient is modulated, Eq. (6). */
  modulated: boolean;
}

/** 3D-EP: one budget over the clip, as STEP's published video implementation runs it. */
const EP: Preset = {
  budget: 'clip',
  reward: 'log-probability',
  rewardWeight: 100,
  areaWeight: 300,
  areaGrowth: 1,
  coreWeight: 0,
  iterations: 2000,
  learningRate: 0.05,
  flipEven: false,
  step: 7,
  sigma: { small: 11, large: 23 },
  modulated: false,
};

/** The published settings of each method that optimises masks. */
export const PRESETS = {
  ep: EP,
  'ep-2d': { ...EP, budget: 'frame' },
  step: { ...EP, rewardWeight: 1, areaGrowth: 1.0008668, coreWeight: 300 },
  'f-ep': { ...EP, step: 13, sigma: { small: 23, large: 23 }, modulated: true },
  torchray: {
    ...EP,
    reward: 'activation',
    rewardWeight: 1,
    areaGrowth: 1.0035,
    iterations: 800,
    learningRate: 0.01,
    flipEven: true,
    sigma: { small: 21, large: 21 },
  },
} satisfies Record<string, Preset>;

/** Whose settings an option takes where it is left out: those of the publications, or quick ones. */
export const SETTINGS_OF = ['paper', 'quick'] as const;

/** STEP's weights grow with its updates, so that no schedule fits it; its core energy sets in after 100 of them. */
const STEP_ITERATIONS = 150;

/**
 * The options that `quick` sets where they are left out: few updates, and the smallest mask, or a budget of what is seen.
 * F-EP's bands open from coarse to fine on the grid of EP; chosen on synthetic validation clips, compared on others in
 * docs/results.md.
 */
export function quickOptions(method: keyof typeof PRESETS, manifest: Manifest) {
  const frame = { areaOver: 'frame' } as const;
  if (method === 'torchray') return frame;
  if (method === 'step') return { ...frame, iterations: STEP_ITERATIONS };
  const few = { ...frame, area: 'smallest', schedule: 'quick' } as const;
  if (method !== 'f-ep') return few;
  return { ...few, step: EP.step, sigma: presetSigma(EP, manifest), course: 'coarse-to-fine' } as const;
}

/** Frames whose shorter side is above this take the preset's settings for 224 pixels. */
const LARGE_FRAME = 160;

/** A preset's σ for a model's frames. */
export function presetSigma(preset: Preset, { input }: Manifest): number {
  return Math.min(input.height, input.width) > LARGE_FRAME ? preset.sigma.large : preset.sigma.small;
}

/** Voxels of a frame-sized mask up to which the published order of operations is the default. */
const SMALL_CLIP = 16 * 64 * 64;

/**
 * The order of operations where none is asked for. The published one holds (2·radius + 1)² copies of the mask and
 * sorts it: for clips of 16×64×64 that is 60 MB and some 40 ms an iteration, and grows with the frame.
 */
export function arithmeticFor({ input }: Manifest): 'fused' | 'published' {
  return input.frames * input.height * input.width <= SMALL_CLIP ? 'published' : 'fused';
}

/** r_l and r_h as the paper chose them on UCF101-24: .5/.1 for TSM, .5/.2 for R(2+1)D, which others take too. */
export function publishedRatios({ architecture }: Manifest): { lowRatio: number; highRatio: number } {
  return { lowRatio: 0.5, highRatio: /tsm/i.test(architecture) ? 0.1 : 0.2 };
}
