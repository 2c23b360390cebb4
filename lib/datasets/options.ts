import { z } from 'zod';
import { parseOptions } from '../options/parseOptions';
import { requireObject, requireSignal } from '../options/requireArguments';
import { DIFFICULTY_NAMES, type Difficulty, type DifficultyName } from './synthetic/options';

const schema = z.strictObject({
  split: z.string().min(1).optional(),
  classes: z.array(z.string()).min(1).optional(),
  limit: z.number().int().min(1).optional(),
  skipErrors: z.boolean().default(false),
  seed: z.number().int().min(0).max(0xffffffff).optional(),
  /** The properties of an object are validated by the generator. */
  difficulty: z
    .union([z.enum(DIFFICULTY_NAMES), z.record(z.string(), z.unknown())])
    .transform((difficulty) => difficulty as SetDifficulty)
    .optional(),
});

/** A named difficulty, or properties that override those of the named one, by default of `standard`. */
export type SetDifficulty = DifficultyName | (Partial<Difficulty> & { difficulty?: DifficultyName });

/** Which samples of a data set to select. */
export interface DatasetOptions {
  /**
   * Default `test` (`val` of `epic-object`; all of a `folder`). `synthetic` also has `validation`; `ucf101-24` also
   * `train`, and `all` for every annotated video; `epic-object` any list whose file name ends with it; a `folder`
   * those of its manifest.
   */
  split?: string | undefined;
  /** Only clips of these classes; default all. */
  classes?: string[] | undefined;
  /**
   * Maximum number of clips; default all, and 100 of `synthetic`. Clips are taken from the classes in rotation, so
   * that few clips cover many classes and a larger limit only adds clips; the order remains that of the data set.
   */
  limit?: number | undefined;
  /** Skips unusable samples and lists them as `problems`; default false: the first one is thrown. */
  skipErrors?: boolean | undefined;
  /** `synthetic` only: seed of the set, default 2; the shipped models were trained on seed 1. */
  seed?: number | undefined;
  /** `synthetic` only: default `standard`. */
  difficulty?: SetDifficulty | undefined;
  signal?: AbortSignal | undefined;
}

export type CheckedOptions = z.output<typeof schema> & Pick<DatasetOptions, 'signal'>;

/** @throws FepError `FEP_USAGE` naming every invalid option */
export function checkOptions(given: DatasetOptions): CheckedOptions {
  requireObject(given, 'options');
  const { signal, ...options } = given;
  requireSignal(signal);
  const hint = 'Correct the named options.';
  return { ...parseOptions(schema, options, { of: 'the data set', hint }), signal };
}
