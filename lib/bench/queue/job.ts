import { z } from 'zod';
import type { Item } from '../run/items';
import type { BenchConfig } from '../settings/config';

/** An item in serialised form: 0-based positions in the bench's configuration and data set. */
export const jobDataSchema = z.strictObject({
  bench: z.string().regex(/^[0-9a-f]{16}$/),
  model: z.number().int().min(0),
  place: z.number().int().min(0),
  method: z.number().int().min(0),
});

export type JobData = z.infer<typeof jobDataSchema>;

/** A job computes one item. */
export function jobDataOf(item: Item, bench: string, { models, methods }: BenchConfig): JobData {
  const model = models.findIndex(({ name }) => name === item.model);
  const method = methods.findIndex(({ label }) => label === item.method.label);
  return { bench, model, place: item.place, method };
}

/** The same item of the same bench always has the same id, so adding a job twice changes nothing. */
export function jobIdOf({ bench, model, place, method }: JobData): string {
  return `${bench}-${model}-${place}-${method}`;
}

/** Whether a job belongs to this bench. */
export function isJobOf(bench: string, id: string): boolean {
  return id.startsWith(`${bench}-`);
}

/** Number of attempts for a job with retryable failures; also how many times the job may lose its worker. */
export const TRIES = 3;

/** Delay before the second attempt; doubled before the third. */
export const RETRY_AFTER_MS = 1_000;

/** Results that are not collected expire after this time. */
export const KEEP_SECONDS = 30 * 24 * 3600;
