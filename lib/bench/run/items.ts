import type { Dataset, Sample } from '../../datasets/types';
import type { BenchConfig, BenchMethodConfig } from '../settings/config';
import { isInShard, type Shard } from '../settings/shard';

/** A method on a clip of a model. */
export interface Item {
  model: string;
  sample: Sample;
  /** Of the sample in its data set, from 0. */
  place: number;
  method: BenchMethodConfig;
}

/**
 * Everything a shard has to do: model by model, so that one is loaded at a time; clip by clip, so that each is read
 * once; method by method.
 */
export function itemsOf(config: BenchConfig, { samples }: Dataset, shard: Shard): Item[] {
  return config.models.flatMap(({ name }) =>
    samples.flatMap((sample, place) =>
      isInShard(place, shard, config.options.batch)
        ? config.methods.map((method) => ({ model: name, sample, place, method }))
        : [],
    ),
  );
}
