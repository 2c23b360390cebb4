import type { DatasetPart, SampleOrigin } from '../clip/origin';
import type { Sample } from './types';

/** The sample, whose clips say where they are from. */
export function withOrigin({ id, label, read }: Sample, data: string, part: DatasetPart): Sample {
  const origin: SampleOrigin = { data, id, label, ...part };
  return {
    id,
    label,
    read: async (input, options) => {
      const annotated = await read(input, options);
      return { ...annotated, clip: { ...annotated.clip, sample: origin } };
    },
  };
}
