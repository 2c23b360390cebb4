import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { SampleOrigin } from '../clip/origin';
import { VIEWS_AVERAGES } from '../clip/views';
import { FepError, messageOf } from '../errors/fepError';
import { RESULT_SCHEMA_VERSION } from '../explain/saveExplanation';
import { ACTIVATIONS, AVERAGES, inputSchema } from '../manifest/manifest';
import type { ExplainConfig } from '../methods/config';
import { METHODS } from '../methods/methods';
import { modelFormSchema } from '../model/modelForm';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** What of `result.json` is needed to come to it again; the addon checks the configuration's fields itself. */
const schema = z.object({
  schemaVersion: z.literal(RESULT_SCHEMA_VERSION),
  config: z
    .looseObject({ method: z.enum(METHODS), target: z.union([z.string(), z.number(), z.null()]) })
    .transform((config) => config as unknown as ExplainConfig),
  area: z.number().nullable(),
  target: z.object({ index: z.number().int().min(0) }),
  model: z.object({
    file: z.string().min(1),
    sha256: hash,
    input: inputSchema,
    activation: z.enum(ACTIVATIONS),
    tensor: z.union([z.number(), z.string()]).optional(),
    averageOver: z.enum(AVERAGES).optional(),
  }),
  device: z.string(),
  precision: z.enum(['float32', 'tf32', 'bfloat16']),
  threads: z.number().int().min(1),
  ...modelFormSchema.shape,
  views: z
    .object({
      clips: z.number().int().min(1),
      crops: z.number().int().min(1),
      average: z.enum(VIEWS_AVERAGES),
    })
    .optional(),
  clip: z.object({
    source: z.string().min(1),
    range: z
      .object({ start: z.number().int().min(0), end: z.number().int().min(1) })
      .partial()
      .optional(),
    framesPattern: z.string().optional(),
    // What its part may be, the data set's own schema says.
    sample: z
      .looseObject({ data: z.string().min(1), id: z.string().min(1), label: z.string() })
      .transform((sample) => sample as unknown as SampleOrigin)
      .optional(),
  }),
  sha256: z.object({ config: hash, data: hash, mask: hash }),
  probability: z.object({ original: z.number(), explained: z.number() }),
  versions: z.record(z.string(), z.string()),
});

/** A `result.json` that can be reproduced. */
export type SavedResult = z.output<typeof schema>;

/** @throws FepError `FEP_IO` when the file cannot be read, `FEP_USAGE` when it is no result of this kind */
export async function readResult(path: string): Promise<SavedResult> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new FepError('FEP_IO', `${path} could not be read: ${messageOf(cause)}`, { cause });
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new FepError('FEP_USAGE', `${path} is not JSON: ${messageOf(cause)}`, { cause });
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw new FepError('FEP_USAGE', `${path} cannot be reproduced:\n${z.prettifyError(result.error)}`, {
    hint: 'Give a result.json that `explain` of this version wrote.',
  });
}
