import type { Redis } from 'ioredis';
import { z } from 'zod';
import { FepError } from '../../errors/fepError';
import { sha256OfText } from '../../files/sha256';
import type { BenchConfig } from '../settings/config';
import type { ResolvedOptions } from '../settings/options';
import { PREFIX } from './connect';

/** What workers need to know about a bench, stored once for all of its jobs. */
export interface Announcement {
  options: ResolvedOptions;
  config: BenchConfig;
  /** Whether unusable samples were skipped. */
  skipErrors: boolean;
  /** Threads inside libtorch's operators, unless the worker sets its own. */
  threads?: number | undefined;
}

/** An announcement expires after this time. */
const DAYS_KEPT = 30;

/** The id of a bench in the queue; equal configurations have equal ids. */
export function benchId(config: BenchConfig): string {
  return sha256OfText(JSON.stringify(config)).slice(0, 16);
}

export async function announce(client: Redis, id: string, announcement: Announcement): Promise<void> {
  await client.set(keyOf(id), JSON.stringify(announcement), 'EX', DAYS_KEPT * 24 * 3600);
}

export async function withdraw(client: Redis, id: string): Promise<void> {
  await client.del(keyOf(id));
}

/**
 * Checks only the structure: the options are validated as bench options, and the resulting config is compared with
 * `config`.
 */
const announcementSchema = z.object({
  options: z.record(z.string(), z.unknown()),
  config: z.looseObject({ options: z.looseObject({}), models: z.array(z.looseObject({})) }),
  skipErrors: z.boolean(),
  threads: z.number().int().optional(),
});

/**
 * @throws FepError `FEP_QUEUE_UNREACHABLE` if there is none (the server may have lost it; the bench announces it
 *   again), `FEP_USAGE` if it cannot be parsed
 */
export async function readAnnouncement(client: Redis, id: string): Promise<Announcement> {
  const text = await client.get(keyOf(id));
  if (text === null) {
    throw new FepError('FEP_QUEUE_UNREACHABLE', `The queue does not know the bench ${id}.`, {
      hint: 'Start the bench again; it announces itself.',
    });
  }
  const parsed = announcementSchema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data as unknown as Announcement;
  throw new FepError('FEP_USAGE', `The bench ${id} is announced in a way that this version cannot read.`, {
    hint: 'Run the same version of fep-native on both sides.',
  });
}

function keyOf(id: string): string {
  return `${PREFIX}:announced:${id}`;
}
