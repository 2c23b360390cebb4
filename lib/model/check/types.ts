import { z } from 'zod';
import type { ModelCheck } from '../../../binding';

/** A model's check as it is remembered; its fields are told in binding.d.ts. */
export const modelCheckSchema = z.object({
  returned: z.string(),
  repeatable: z.boolean(),
  batch: z.enum(['alike', 'different', 'fails', 'unknown']),
  batchReason: z.string(),
  gradient: z.enum(['reaches', 'missing', 'zero', 'unknown', 'not-finite', 'fails']),
  gradientReason: z.string(),
  look: z.enum(['scores', 'softmax', 'sigmoid', 'unclear']),
}) satisfies z.ZodType<ModelCheck>;

export type { ModelCheck } from '../../../binding';

/** What was converted when the file was read. */
export interface FileFacts {
  /** Number format of the weights in the file, as `Float` or `Half`. They are float32 once loaded. */
  weights: string;
  /** Whether the file's code names a GPU, for which the CPU was taken. */
  namesGpu: boolean;
}
