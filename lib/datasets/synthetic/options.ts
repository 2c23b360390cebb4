import { z } from 'zod';
import { parseOptions } from '../../options/parseOptions';

/** How hard a clip is to recognise: the set of options that a difficulty stands for. */
export interface Difficulty {
  /** Opacity of actor and distractors over the background, in (0, 1]. */
  contrast: number;
  /** Number of textured figures that perform no motion of a class. */
  distractors: number;
  /** Minimum and maximum diameter of the actor, as fractions of the frame's shorter side. */
  actorSize: readonly [number, number];
  /** Minimum and maximum speed; 1 crosses half of the shorter side, or makes 1.1 turns, during the clip. */
  speed: readonly [number, number];
  /** Maximum drift of the background during the clip, as a fraction of the frame's shorter side. */
  drift: number;
  /** Minimum and maximum share of the frames in which the actor is to be seen, one after the other. */
  presence: readonly [number, number];
}

const ALWAYS = { presence: [1, 1] } as const;
const STANDARD = {
  contrast: 0.9,
  distractors: 3,
  actorSize: [0.2, 0.34],
  speed: [0.7, 1.3],
  drift: 0.08,
} as const;

/** The named difficulties. In a `brief` clip the actor is to be seen in a part of the frames only. */
export const DIFFICULTIES = {
  easy: { contrast: 1, distractors: 1, actorSize: [0.28, 0.4], speed: [0.9, 1.2], drift: 0.04, ...ALWAYS },
  standard: { ...STANDARD, ...ALWAYS },
  hard: { contrast: 0.6, distractors: 6, actorSize: [0.14, 0.24], speed: [0.6, 1.4], drift: 0.12, ...ALWAYS },
  brief: { ...STANDARD, presence: [0.4, 0.6] },
} as const satisfies Record<string, Difficulty>;

/** A named difficulty of synthetic clips. */
export type DifficultyName = keyof typeof DIFFICULTIES;

/** Names of the difficulties. */
export const DIFFICULTY_NAMES = Object.keys(DIFFICULTIES) as [DifficultyName, ...DifficultyName[]];

const range = (low: number, high: number) =>
  z
    .tuple([z.number().min(low).max(high), z.number().min(low).max(high)])
    .refine(([min, max]) => min <= max, 'the first number must not exceed the second')
    .readonly();

/** The options of a clip. All except the first two have defaults. */
export const synthesisSchema = z.strictObject({
  /** Identifies the set; sets with different seeds share nothing, e.g. for held-out data. */
  seed: z.number().int().min(0).max(0xffffffff),
  /** Position of the clip in the set, from 0. It also determines the class, see `labelOf`. */
  index: z.number().int().min(0).max(0xffffffff),
  /** T. */
  frames: z.number().int().min(1).max(1024).default(16),
  /** H, pixels. */
  height: z.number().int().min(16).max(1024).default(112),
  /** W, pixels. */
  width: z.number().int().min(16).max(1024).default(112),
  /** Whether to draw the actor; without it, background and distractors are the same, as a control. */
  actor: z.boolean().default(true),
  /** Provides the defaults of the options below. */
  difficulty: z.enum(DIFFICULTY_NAMES).default('standard'),
  /** See `Difficulty`. */
  contrast: z.number().gt(0).max(1).optional(),
  distractors: z.number().int().min(0).max(64).optional(),
  actorSize: range(0.05, 0.8).optional(),
  speed: range(0.3, 2).optional(),
  drift: z.number().min(0).max(0.5).optional(),
  presence: range(0.05, 1).optional(),
});

/** Options of a synthetic clip, without defaults. */
export type SynthesisOptions = z.input<typeof synthesisSchema>;

/** Options of a synthetic clip with all defaults filled in. */
export type Synthesis = Omit<z.output<typeof synthesisSchema>, keyof Difficulty> & Difficulty;

/**
 * Validates the options of a synthetic clip and fills in the defaults.
 *
 * @throws FepError `FEP_USAGE` naming every invalid option
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
    presence: given.presence ?? preset.presence,
  };
}
