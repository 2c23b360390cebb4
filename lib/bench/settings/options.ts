import { z } from 'zod';
import { anyOptionsSchema } from '../../methods/options';
import { PERTURBATIONS } from '../../methods/perturbation';
import { MEMORY_FORMATS } from '../../model/modelForm';
import { parseOptions, seeHelp } from '../../options/parseOptions';
import { BENCH_METHODS, DEFAULT_METHODS, parseMethod } from './methods';

const area = z.number().gt(0).max(1);
const shape = anyOptionsSchema.shape;

/** What a method of a bench may be told; the rest is settled for all of them. */
const methodOptionsSchema = anyOptionsSchema.omit({ method: true, target: true, area: true, seed: true });

const methodSchema = z.strictObject({
  method: z.enum(BENCH_METHODS),
  /** Name of the method's row; default made from the method and its options. */
  label: z.string().min(1).max(60).optional(),
  options: methodOptionsSchema.default({}),
});

/** A method, and options that are its own. */
export type MethodInput = z.input<typeof methodSchema>;
/** The same, checked. */
export type MethodEntry = z.output<typeof methodSchema>;

/** A method as it is written on the command line. */
const writtenMethodSchema = z
  .string()
  .transform((text) => parseMethod(text) as MethodInput)
  .pipe(methodSchema);

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
  difficulty: z.union([z.enum(['easy', 'standard', 'hard']), z.record(z.string(), z.unknown())]).optional(),
  /** Rows of the tables, as names, as `name@option=value:option=value`, or as objects. */
  methods: z
    .array(z.union([writtenMethodSchema, methodSchema]))
    .min(1)
    .default(() => DEFAULT_METHODS.map((method) => ({ method, options: {} }))),
  /** Area budgets of the methods that optimise a mask; a table for each. Default 0.1. */
  area: z
    .union([area, z.array(area).min(1).max(64)])
    .default(0.1)
    .transform((areas) => [areas].flat()),
  /** For every method that optimises a mask and does not say otherwise. */
  iterations: shape.iterations,
  step: shape.step,
  sigma: shape.sigma,
  areaOver: shape.areaOver,
  cudaGraph: shape.cudaGraph,
  device: z.string().min(1).default('auto'),
  precision: z.enum(['float32', 'tf32', 'bfloat16']).default('float32'),
  /** As `loadModel`'s; one form for all machines that share the work, so that their records agree. */
  foldBatchNorm: z.boolean().default(false),
  memoryFormat: z.enum(MEMORY_FORMATS).optional(),
  winograd: z.boolean().optional(),
  optimiseGraph: z.boolean().optional(),
  /**
   * Clips that a method which optimises masks explains side by side in one run, and with them all settings that differ in
   * r_l and r_h only: it keeps a GPU busy. What runs side by side decides how the model rounds, and so does how much fits
   * into memory at once. Default one clip and one setting after the other.
   */
  batch: z.number().int().min(1).max(64).optional(),
  /** Steps of the deletion and insertion curves; 0 leaves them out. Default 64. */
  curveSteps: z.number().int().min(0).max(4096).default(64),
  /** What takes the place of deleted voxels. */
  removal: z.enum(PERTURBATIONS).default('blur'),
  /** Of methods that draw random numbers (the clip's place is added to it), of ties, and of the intervals. */
  seed: z.number().int().min(0).max(0x7fffffff).default(0),
});

/** Options of `bench`, before defaults are filled in. */
export type BenchOptions = z.input<typeof benchOptionsSchema>;
export type ResolvedOptions = z.output<typeof benchOptionsSchema>;

/** @throws FepError `FEP_USAGE` naming every option that is wrong */
export function parseBenchOptions(options: unknown): ResolvedOptions {
  const parsed = parseOptions(benchOptionsSchema, options, { of: 'the bench', hint: seeHelp('bench') });
  return parsed.data === 'synthetic' ? { ...parsed, difficulty: parsed.difficulty ?? 'hard' } : parsed;
}
