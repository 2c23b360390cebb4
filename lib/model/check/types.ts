import { z } from 'zod';
import type { ModelCheck } from '../../../binding';

/** A model's check as cached; binding.d.ts documents its fields. */
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

/** Conversions made while the file was loaded. */
export interface FileFacts {
  /** Number format of the weights in the file, such as `Float` or `Half`. Loaded weights are always float32. */
  weights: string;
  /** Whether the file's code names a GPU, which the CPU replaced. */
  namesGpu: boolean;
}
