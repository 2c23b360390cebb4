import { z } from 'zod';
import { DIFFICULTY_NAMES } from '../../datasets/synthetic/options';
import { type MethodEntry, methodsSchema } from '../../evaluate/entry';
import { areaSchema, curveStepsSchema, maskOptions, removalSchema, seedSchema } from '../../evaluate/options';
import { setsTheSearch } from '../../methods/presetByDefault';
import { MEMORY_FORMATS } from '../../model/modelForm';
import { defined } from '../../options/defined';
import { parseOptions, seeHelp } from '../../options/parseOptions';

/** Everything that decides what a bench computes. */
export const benchOptionsSchema = z.strictObject({
  /** Files, or names of shipped models. Each needs a manifest that names its classes. */
  models: z.array(z.string().min(1)).min(1).default(['r2plus1d-mini']),
  /** A data set, as `openDataset` takes it. */
  data: z.string().min(1).default('synthetic'),
  /** The data set's part, e.g. `validation`; default its own choice. */
  split: z.string().min(1).optional(),
  /** Only samples of these classes. */
  classes: z.array(z.string().min(1)).min(1).optional(),
  /** Only the first samples. */
  limit: z.number().int().min(1).optional(),
  /** Names the set of synthetic clips; default the data set's own. */
  dataSeed: z.number().int().min(0).max(0xffffffff).optional(),
  /**
   * Of synthetic clips: a name, or parts of it, which their generator checks. Default `hard`, which tells methods
   * apart best: see docs/results.md.
   */
  difficulty: z.union([z.enum(DIFFICULTY_NAMES), z.record(z.string(), z.unknown())]).optional(),
  /**
   * Rows of the tables, as names, as `name@option=value:option=value`, or as objects. Default those of the paper's tables,
   * F-EP both as `explain` has it and with its published settings.
   */
  methods: methodsSchema,
  /** Area budgets of the methods that optimise a mask; a table for each. Default 0.1. */
  area: areaSchema.transform((areas) => [areas].flat()),
  ...maskOptions,
  device: z.string().min(1).default('auto'),
  precision: z.enum(['float32', 'tf32', 'bfloat16']).default('float32'),
  /** As `loadModel`'s; one form for all machines that share the work, so that their records agree. */
  foldBatchNorm: z.boolean().default(false),
  memoryFormat: z.enum(MEMORY_FORMATS).optional(),
  winograd: z.boolean().optional(),
  optimiseGraph: z.boolean().optional(),
  /**
   * Clips that a method which optimises masks explains side by side in one run, and with them all settings that differ in
   * their bands only: it keeps a GPU busy. What runs side by side decides how the model rounds, and so does how much fits
   * into memory at once. Default one clip and one setting after the other.
   */
  batch: z.number().int().min(1).max(64).optional(),
  /** Steps of the deletion and insertion curves; 0 leaves them out. Default 64. */
  curveSteps: curveStepsSchema.default(64),
  /** What takes the place of deleted voxels. */
  removal: removalSchema,
  /** Of methods that draw random numbers (the clip's place is added to it), of ties, and of the intervals. */
  seed: seedSchema,
});

/** Options of `bench`, before defaults are filled in. */
export type BenchOptions = z.input<typeof benchOptionsSchema>;
export type ResolvedOptions = z.output<typeof benchOptionsSchema>;

/** @throws FepError `FEP_USAGE` naming every option that is wrong */
export function parseBenchOptions(options: unknown): ResolvedOptions {
  const parsed = parseOptions(benchOptionsSchema, options, { of: 'the bench', hint: seeHelp('bench') });
  const methods = namesMethods(options) ? parsed.methods : withPublished(parsed);
  const difficulty = parsed.difficulty ?? (parsed.data === 'synthetic' ? 'hard' : undefined);
  return { ...parsed, methods, ...defined({ difficulty }) };
}

function namesMethods(options: unknown): boolean {
  return (options as { methods?: unknown } | undefined)?.methods !== undefined;
}

/** F-EP's published settings, beside those that it has by default. */
const PUBLISHED: MethodEntry = { method: 'f-ep', label: 'F-EP (paper)', options: { preset: 'paper' } };

/** The rows that nobody named, and where F-EP's is not of the published settings, those too. */
function withPublished({ methods, ...shared }: ResolvedOptions): MethodEntry[] {
  if (shared.preset !== undefined || setsTheSearch(shared)) return methods;
  return methods.flatMap((entry) => (entry.method === PUBLISHED.method ? [entry, PUBLISHED] : [entry]));
}
