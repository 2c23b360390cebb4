import { z } from 'zod';

/** A shard has the samples whose position modulo `of` is `index` − 1. */
export const shardSchema = z
  .strictObject({ index: z.number().int().min(1), of: z.number().int().min(1).max(10_000) })
  .refine(({ index, of }) => index <= of, 'a shard is 1/n to n/n');

/** One shard of a bench: `index` of `of`, counted from 1. */
export type Shard = z.infer<typeof shardSchema>;

/** The whole bench as a single shard. */
export const WHOLE: Shard = { index: 1, of: 1 };

/**
 * @param place 0-based position of a sample in its data set
 * @param batch number of samples that stay together because they are computed in one batch
 */
export function isInShard(place: number, { index, of }: Shard, batch = 1): boolean {
  return Math.floor(place / batch) % of === index - 1;
}

/** In the form of the --shard option: `2/3`. */
export function shardName({ index, of }: Shard): string {
  return `${index}/${of}`;
}

/** `results.jsonl`, or `results-2-of-3.jsonl` for a shard. */
export function shardFile(kind: 'results' | 'errors', shard: Shard): string {
  return shard.of === 1 ? `${kind}.jsonl` : `${kind}-${shard.index}-of-${shard.of}.jsonl`;
}

/** The shard whose results a file contains; undefined for other files. */
export function shardOfFile(name: string): Shard | undefined {
  const match = /^results(?:-(\d+)-of-(\d+))?\.jsonl$/.exec(name);
  return match ? { index: Number(match[1] ?? 1), of: Number(match[2] ?? 1) } : undefined;
}
