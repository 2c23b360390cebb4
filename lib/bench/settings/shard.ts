import { z } from 'zod';

/** A part of a bench: the samples whose place modulo `of` is `index` − 1. */
export const shardSchema = z
  .strictObject({ index: z.number().int().min(1), of: z.number().int().min(1).max(10_000) })
  .refine(({ index, of }) => index <= of, 'a shard is 1/n to n/n');

/** A part of a bench: shard `index` of `of`, counted from 1. */
export type Shard = z.infer<typeof shardSchema>;

/** The whole bench. */
export const WHOLE: Shard = { index: 1, of: 1 };

/**
 * @param place of a sample in its data set, from 0
 * @param batch how many samples stay together, because they run side by side
 */
export function isInShard(place: number, { index, of }: Shard, batch = 1): boolean {
  return Math.floor(place / batch) % of === index - 1;
}

/** As people write it: `2/3`. */
export function shardName({ index, of }: Shard): string {
  return `${index}/${of}`;
}

/** `results.jsonl`, and `results-2-of-3.jsonl` for a part. */
export function shardFile(kind: 'results' | 'errors', shard: Shard): string {
  return shard.of === 1 ? `${kind}.jsonl` : `${kind}-${shard.index}-of-${shard.of}.jsonl`;
}

/** The shard whose results a file holds; undefined for another file. */
export function shardOfFile(name: string): Shard | undefined {
  const match = /^results(?:-(\d+)-of-(\d+))?\.jsonl$/.exec(name);
  return match ? { index: Number(match[1] ?? 1), of: Number(match[2] ?? 1) } : undefined;
}
