import type { DatasetOptions } from './options';
import type { Sample } from './types';

/** Which part of a data set a reader took, its defaults filled in. */
export type DatasetPart = Pick<DatasetOptions, 'split' | 'seed' | 'difficulty' | 'limit'>;

/** Which sample of which data set a clip is: what it takes to find it again. */
export interface SampleOrigin extends DatasetPart {
  /** The data set as `openDataset` takes it, its path absolute. */
  data: string;
  id: string;
  /** Name of the true class. */
  label: string;
}

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
