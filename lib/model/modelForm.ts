import { z } from 'zod';
import type { ModelForm } from '../../binding';

export type { ModelForm } from '../../binding';

/** How the weights of convolutions can lie in memory. */
export const MEMORY_FORMATS = ['exported', 'contiguous', 'channels-last'] as const;

/** The parts of a form, as options and result files have them; a part that is left out is as the file was exported. */
export const modelFormSchema = z.object({
  foldBatchNorm: z.boolean().default(false),
  memoryFormat: z.enum(MEMORY_FORMATS).default('exported'),
  winograd: z.boolean().default(false),
  optimiseGraph: z.boolean().default(false),
});

/** The form of these options, as the file was exported where they say nothing. */
export function formOf(options: { [Part in keyof ModelForm]?: ModelForm[Part] | undefined }): ModelForm {
  const {
    foldBatchNorm = false,
    memoryFormat = 'exported',
    winograd = false,
    optimiseGraph = false,
  } = options;
  return { foldBatchNorm, memoryFormat, winograd, optimiseGraph };
}

/** A form in words: “batch normalisation folded, weights channels-last, plain interpreter”. */
export function describeForm({ foldBatchNorm, memoryFormat, winograd, optimiseGraph }: ModelForm): string {
  return [
    foldBatchNorm ? 'batch normalisation folded' : 'batch normalisation as it is',
    memoryFormat === 'exported' ? 'weights as exported' : `weights ${memoryFormat}`,
    ...(winograd ? ['Winograd’s convolutions'] : []),
    optimiseGraph ? 'graph optimised' : 'plain interpreter',
  ].join(', ');
}
