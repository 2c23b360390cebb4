import { z } from 'zod';
import { parseOptions } from '../options/parseOptions';
import { requireObject, requireSignal } from '../options/requireArguments';
import { DIFFICULTIES, type Difficulty, type DifficultyName } from './synthetic';

const DIFFICULTY_NAMES = Object.keys(DIFFICULTIES) as [DifficultyName, ...DifficultyName[]];

const schema = z.strictObject({
  split: z.string().min(1).optional(),
  classes: z.array(z.string()).min(1).optional(),
  limit: z.number().int().min(1).optional(),
  skipErrors: z.boolean().default(false),
  seed: z.number().int().min(0).max(0xffffffff).optional(),
  /** Its own parts are checked by the generator. */
  difficulty: z
    .union([z.enum(DIFFICULTY_NAMES), z.record(z.string(), z.unknown())])
    .transform((difficulty) => difficulty as SetDifficulty)
    .optional(),
});

/** A named difficulty, or parts of one that change the named one, else `standard`. */
export type SetDifficulty = DifficultyName | (Partial<Difficulty> & { difficulty?: DifficultyName });

/** Which part of a data set to take. */
export interface DatasetOptions {
  /**
   * Default `test` (`val` of `epic-object`; all of a `folder`). `synthetic` also has `validation`; `ucf101-24`
   * also `train`, and `all` for every video with annotations; `epic-object` any list whose file name ends so; a
   * `folder` what its manifest says.
   */
  split?: string | undefined;
  /** Only clips of these classes; default all. */
  classes?: string[] | undefined;
  /**
   * At most so many clips; default all, and 100 of `synthetic`. Classes take turns, so that a few clips are of
   * many classes and a larger limit only adds clips; the order stays the data set's own.
   */
  limit?: number | undefined;
  /** Leaves out samples that cannot be used and lists them as `problems`; default false: the first one is thrown. */
  skipErrors?: boolean | undefined;
  /** `synthetic` only: the set's seed, default 2; the shipped models were trained on seed 1. */
  seed?: number | undefined;
  /** `synthetic` only: default `standard`. */
  difficulty?: SetDifficulty | undefined;
  signal?: AbortSignal | undefined;
}

export type CheckedOptions = z.output<typeof schema> & Pick<DatasetOptions, 'signal'>;

/** @throws FepError `FEP_USAGE` naming every option that is wrong */
export function checkOptions(given: DatasetOptions): CheckedOptions {
  requireObject(given, 'options');
  const { signal, ...options } = given;
  requireSignal(signal);
  const hint = 'Correct the named options.';
  return { ...parseOptions(schema, options, { of: 'the data set', hint }), signal };
}
