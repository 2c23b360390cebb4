import { z } from 'zod';
import type { ModelForm } from '../../binding';

export type { ModelForm } from '../../binding';

/** Memory layouts of convolution weights. */
export const MEMORY_FORMATS = ['exported', 'contiguous', 'channels-last'] as const;

/** The settings of a form, as in options and result files; by default each is as the file was exported. */
export const modelFormSchema = z.object({
  foldBatchNorm: z.boolean().default(false),
  memoryFormat: z.enum(MEMORY_FORMATS).default('exported'),
  winograd: z.boolean().default(false),
  optimiseGraph: z.boolean().default(false),
});

/** The form given by the options; omitted settings are as the file was exported. */
export function formOf(
  options: { [Setting in keyof ModelForm]?: ModelForm[Setting] | undefined },
): ModelForm {
  const {
    foldBatchNorm = false,
    memoryFormat = 'exported',
    winograd = false,
    optimiseGraph = false,
  } = options;
  return { foldBatchNorm, memoryFormat, winograd, optimiseGraph };
}

/** Describes a form: “batch normalisation folded, weights channels-last, plain interpreter”. */
export function describeForm({ foldBatchNorm, memoryFormat, winograd, optimiseGraph }: ModelForm): string {
  return [
    foldBatchNorm ? 'batch normalisation folded' : 'batch normalisation as it is',
    memoryFormat === 'exported' ? 'weights as exported' : `weights ${memoryFormat}`,
    ...(winograd ? ['Winograd’s convolutions'] : []),
    optimiseGraph ? 'graph optimised' : 'plain interpreter',
  ].join(', ');
}
