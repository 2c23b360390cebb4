import { z } from 'zod';

/** What one short look at a model, at its first load, says of how it can be explained. */
export const modelCheckSchema = z.object({
  /** What forward returns for one clip, in words: “a tensor 1x5”. */
  returned: z.string(),
  /** Whether two equal calls give equal answers. */
  repeatable: z.boolean(),
  /** What two clips at once get: what each gets alone, something else, an error; `unknown` where answers vary anyway. */
  batch: z.enum(['alike', 'different', 'fails', 'unknown']),
  batchReason: z.string(),
  /**
   * What of the answer's gradient reaches the clip: `missing` where nothing that can be differentiated leads from the
   * clip to the answer, `zero` where it is 0 everywhere, `unknown` where the probabilities are 0 and 1 and leave none.
   */
  gradient: z.enum(['reaches', 'missing', 'zero', 'unknown', 'not-finite', 'fails']),
  gradientReason: z.string(),
  /** What the numbers of an answer could be. */
  look: z.enum(['scores', 'softmax', 'sigmoid']),
});

/** What one short look at a model says of how it can be explained. */
export type ModelCheck = z.output<typeof modelCheckSchema>;

/** What was converted when the file was read. */
export interface FileFacts {
  /** Number format of the weights in the file, as `Float` or `Half`. They are float32 once loaded. */
  weights: string;
  /** Whether the file's code names a GPU, for which the CPU was taken. */
  namesGpu: boolean;
}
