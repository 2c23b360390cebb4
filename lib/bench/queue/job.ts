import { z } from 'zod';
import type { Item } from '../run/items';
import type { BenchConfig } from '../settings/config';

/** An item as it travels: places in the bench's configuration and data set, from 0. */
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

/** The same for the same item of the same bench: to add a job twice changes nothing. */
export function jobIdOf({ bench, model, place, method }: JobData): string {
  return `${bench}-${model}-${place}-${method}`;
}

/** Whether a job is one of this bench. */
export function isJobOf(bench: string, id: string): boolean {
  return id.startsWith(`${bench}-`);
}

/** How often a job is tried that fails in a way that may pass, and how often one whose worker vanishes. */
export const TRIES = 3;

/** Before the second try; doubled before the third. */
export const RETRY_AFTER_MS = 1_000;

/** Results that nobody collects are dropped after this. */
export const KEEP_SECONDS = 30 * 24 * 3600;
