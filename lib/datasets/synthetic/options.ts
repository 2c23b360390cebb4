import { z } from 'zod';
import { parseOptions } from '../../options/parseOptions';

/** How hard a clip is to recognise, as a bundle of the options it stands for. */
export interface Difficulty {
  /** Opacity of actor and distractors over the background, in (0, 1]. */
  contrast: number;
  /** Number of textured things that perform no motion of a class. */
  distractors: number;
  /** Smallest and largest diameter of the actor, in shares of the frame's shorter side. */
  actorSize: readonly [number, number];
  /** Slowest and fastest motion; 1 crosses half of the shorter side, or goes round 1.1 times, in the clip. */
  speed: readonly [number, number];
  /** Farthest way the background drifts in the whole clip, in shares of the frame's shorter side. */
  drift: number;
}

/** The named difficulties. */
export const DIFFICULTIES = {
  easy: { contrast: 1, distractors: 1, actorSize: [0.28, 0.4], speed: [0.9, 1.2], drift: 0.04 },
  standard: { contrast: 0.9, distractors: 3, actorSize: [0.2, 0.34], speed: [0.7, 1.3], drift: 0.08 },
  hard: { contrast: 0.6, distractors: 6, actorSize: [0.14, 0.24], speed: [0.6, 1.4], drift: 0.12 },
} as const satisfies Record<string, Difficulty>;

/** A named difficulty of synthetic clips. */
export type DifficultyName = keyof typeof DIFFICULTIES;

const range = (low: number, high: number) =>
  z
    .tuple([z.number().min(low).max(high), z.number().min(low).max(high)])
    .refine(([min, max]) => min <= max, 'the first number must not exceed the second')
    .readonly();

/** What a clip is made from. Everything but the first two has a default. */
export const synthesisSchema = z.strictObject({
  /** Names the set; other seeds give other sets that share nothing, e.g. for held-out data. */
  seed: z.number().int().min(0).max(0xffffffff),
  /** The clip's place in the set, from 0. It also decides the class, see `labelOf`. */
  index: z.number().int().min(0).max(0xffffffff),
  /** T. */
  frames: z.number().int().min(1).max(1024).default(16),
  /** H, pixels. */
  height: z.number().int().min(16).max(1024).default(112),
  /** W, pixels. */
  width: z.number().int().min(16).max(1024).default(112),
  /** Whether the actor is there; false leaves the same background and distractors, as a control. */
  actor: z.boolean().default(true),
  /** Where the options below take their defaults from. */
  difficulty: z.enum(['easy', 'standard', 'hard']).default('standard'),
  /** See `Difficulty`. */
  contrast: z.number().gt(0).max(1).optional(),
  distractors: z.number().int().min(0).max(64).optional(),
  actorSize: range(0.05, 0.8).optional(),
  speed: range(0.3, 2).optional(),
  drift: z.number().min(0).max(0.5).optional(),
});

/** What a synthetic clip can be told, before defaults are filled in. */
export type SynthesisOptions = z.input<typeof synthesisSchema>;

/** The same with every default filled in. */
export type Synthesis = Omit<z.output<typeof synthesisSchema>, keyof Difficulty> & Difficulty;

/**
 * Checks the options of a synthetic clip and fills in the defaults.
 *
 * @throws FepError `FEP_USAGE` naming every option that is wrong
 */
export function resolveSynthesis(options: SynthesisOptions): Synthesis {
  const hint = 'Correct the named options.';
  const given = parseOptions(synthesisSchema, options, { of: 'the synthetic clip', hint });
  const preset: Difficulty = DIFFICULTIES[given.difficulty];
  return {
    ...given,
    contrast: given.contrast ?? preset.contrast,
    distractors: given.distractors ?? preset.distractors,
    actorSize: given.actorSize ?? preset.actorSize,
    speed: given.speed ?? preset.speed,
    drift: given.drift ?? preset.drift,
  };
}
