import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeAtomically } from '../../files/atomicFile';
import { clipChoiceSchema } from '../clips/clipLibrary';
import { LONGEST_TITLE } from './runTitle';

export const FILE = 'studio.json';

/** Options are numbers and short words; a record of the list has them all. */
const LONGEST_OPTIONS = 10_000;
const isShort = (options: unknown) => JSON.stringify(options).length <= LONGEST_OPTIONS;

export const runRequestSchema = z.strictObject({
  clip: clipChoiceSchema,
  model: z.string().min(1).max(2000),
  options: z
    .record(z.string().max(100), z.unknown())
    .refine(isShort, `have more than ${LONGEST_OPTIONS} characters as JSON`),
  title: z.string().max(LONGEST_TITLE).optional(),
});

const plain = z.union([z.string(), z.number(), z.boolean()]);

/**
 * A record may have been damaged or written by hand, and its options become words of a command line: anything but plain
 * values would end the list of all runs.
 */
const recordedRequestSchema = runRequestSchema.extend({
  options: z.record(z.string(), z.union([plain, z.array(plain)])),
});

const recordSchema = z.object({
  title: z.string(),
  state: z.enum(['queued', 'running', 'done', 'stopped', 'cancelled', 'failed', 'interrupted']),
  created: z.string(),
  request: recordedRequestSchema.nullable(),
  /** What the clip and the model were, for the command line. */
  located: z
    .object({
      clip: z.union([z.object({ path: z.string() }), z.object({ data: z.string(), sample: z.string() })]),
      model: z.string(),
    })
    .nullable(),
  result: z
    .object({
      method: z.string(),
      model: z.string(),
      target: z.string(),
      probability: z.object({ original: z.number(), explained: z.number() }),
      realisedArea: z.number(),
    })
    .nullable(),
  problem: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }).nullable(),
});

/** What the studio keeps of a run beside the files of `explain`. */
export type RunRecord = Omit<z.output<typeof recordSchema>, 'request'> & {
  request: z.output<typeof runRequestSchema> | null;
};

/**
 * The record in a folder; of a result that the studio did not make, or whose record is damaged, one made of its
 * `result.json`; of a damaged one without a result, one that says so. Undefined of a folder that has neither.
 */
export async function readRecord(folder: string, name: string): Promise<RunRecord | undefined> {
  const file = join(folder, FILE);
  const own = recordSchema.safeParse(await readJson(file));
  if (own.success) return own.data;
  return foreignRecord(await readJson(join(folder, 'result.json')), name) ?? damagedRecord(file, name);
}

export async function writeRecord(folder: string, record: RunRecord): Promise<void> {
  const text = `${JSON.stringify(record, null, 2)}\n`;
  await writeAtomically(join(folder, FILE), (temporary) => writeFile(temporary, text));
}

const resultSchema = z.object({
  method: z.string(),
  model: z.object({ name: z.string() }),
  target: z.object({ name: z.string() }),
  probability: z.object({ original: z.number(), explained: z.number() }),
  realisedArea: z.number(),
});

function foreignRecord(json: unknown, name: string): RunRecord | undefined {
  const read = resultSchema.safeParse(json);
  if (!read.success) return undefined;
  const { method, model, target, probability, realisedArea } = read.data;
  const result = { method, model: model.name, target: target.name, probability, realisedArea };
  return { ...nothingKnown(name), state: 'done', result };
}

function damagedRecord(file: string, name: string): RunRecord | undefined {
  if (!existsSync(file)) return undefined;
  return { ...nothingKnown(name), state: 'failed', problem: DAMAGED };
}

const DAMAGED = {
  code: 'FEP_IO',
  message: `The studio's record of this run, ${FILE}, is damaged.`,
  hint: 'Delete the run, and ask again.',
};

function nothingKnown(title: string): Omit<RunRecord, 'state'> {
  return { title, created: '', request: null, located: null, result: null, problem: null };
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
}
