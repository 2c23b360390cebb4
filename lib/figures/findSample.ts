import { openDataset } from '../datasets/open';
import type { DatasetOptions } from '../datasets/options';
import type { Sample } from '../datasets/types';
import { FepError } from '../errors';
import { suggestion } from '../suggest';

/** How many ids a message names. */
const NAMED = 5;

/**
 * One sample of a data set, the first where no id is given.
 *
 * @param spec as `openDataset` takes it
 * @throws FepError as `openDataset`, and `FEP_USAGE` when it holds no such sample
 */
export async function findSample(
  spec: string,
  id: string | undefined,
  options: DatasetOptions,
): Promise<Sample> {
  const { name, samples } = await openDataset(spec, options);
  const sample = id === undefined ? samples[0] : samples.find((one) => one.id === id);
  if (sample) return sample;
  const some = samples.slice(0, NAMED).map((one) => one.id);
  const near = suggestion(
    id ?? '',
    samples.map((one) => one.id),
  );
  const wanted = id === undefined ? 'no sample' : `no sample ${id}`;
  throw new FepError('FEP_USAGE', `${name} holds ${wanted} (${samples.length} in all).`, {
    hint:
      some.length > 0 ? `${near} Its first are ${some.join(', ')}.`.trimStart() : 'Choose another --split.',
  });
}
