import { FepError } from '../errors/fepError';
import { suggestion } from '../options/suggest';
import { openDataset } from './open';
import type { DatasetOptions } from './options';
import { datasetError } from './problems';
import { clipsUpTo } from './synthetic/dataset';
import type { Dataset, Sample } from './types';

/** Number of ids listed in a message. */
const NAMED = 5;

/**
 * Finds a sample of a data set by its id, or the first usable one without an id. Problems with other samples are
 * ignored.
 *
 * @param spec as for `openDataset`
 * @throws FepError as `openDataset`, `FEP_USAGE` if there is no such sample, `FEP_DATASET` if it is unusable
 */
export async function findSample(
  spec: string,
  id: string | undefined,
  options: Omit<DatasetOptions, 'skipErrors'>,
): Promise<Sample> {
  const limit = options.limit ?? (spec === 'synthetic' ? clipsUpTo(id, options.split) : undefined);
  return sampleIn(await openDataset(spec, { ...options, limit, skipErrors: true }), id);
}

/**
 * A sample of a data set that was opened with `skipErrors`, or its first one without an id.
 *
 * @throws FepError `FEP_USAGE` if there is no such sample, `FEP_DATASET` if it is unusable
 */
export function sampleIn(dataset: Dataset, id: string | undefined): Sample {
  const { samples, problems } = dataset;
  const sample = id === undefined ? samples[0] : samples.find((one) => one.id === id);
  if (sample) return sample;
  const problem = problems.find(({ where }) => id === undefined || where === id);
  throw problem ? datasetError(problem.where, problem.message) : noSample(dataset, id);
}

function noSample({ name, samples }: Dataset, id: string | undefined): FepError {
  const ids = samples.map((one) => one.id);
  const wanted = id === undefined ? 'no sample' : `no sample ${id}`;
  const some =
    `${suggestion(id ?? '', ids)} The first ones are ${ids.slice(0, NAMED).join(', ')}.`.trimStart();
  return new FepError('FEP_USAGE', `${name} holds ${wanted} (${ids.length} in all).`, {
    hint: ids.length > 0 ? some : 'Choose another --split.',
  });
}
