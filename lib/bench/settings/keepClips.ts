import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { FepError } from '../../errors/fepError';
import { writeAtomically } from '../../files/atomicFile';

/**
 * Which clips of a bench keep their masks, and so a page: all, or of each model the n on which methods disagree most,
 * as many on which they do worst, and as many on which they do best.
 */
export type KeepClips = number | 'all';

/** Twelve clips of a model at most, some 3 MB each with the default methods. */
const DEFAULT: KeepClips = 4;

const schema = z.union([z.literal('all'), z.number().int().min(0)]).optional();

/** @throws FepError `FEP_USAGE` */
export function checkKeepClips(keep: unknown): void {
  if (schema.safeParse(keep).success) return;
  throw new FepError('FEP_USAGE', `keepClips is ${JSON.stringify(keep)}; expected a whole number or 'all'.`);
}

/**
 * Settles it for a bench's folder: what is asked for now, else what the folder was begun with, else 4. It is no part of
 * the bench's configuration, for no number depends on it.
 *
 * @throws FepError `FEP_IO`
 */
export async function settleKeepClips(folder: string, asked: KeepClips | undefined): Promise<KeepClips> {
  const before = await keepClipsIn(folder);
  const keep = asked ?? before ?? DEFAULT;
  if (keep !== before) {
    const json = `${JSON.stringify({ keep })}\n`;
    await writeAtomically(fileIn(folder), (temporary) => writeFile(temporary, json));
  }
  return keep;
}

/** What was settled for a bench's folder, if anything was. */
export async function keepClipsIn(folder: string): Promise<KeepClips | undefined> {
  if (!existsSync(fileIn(folder))) return undefined;
  return (JSON.parse(await readFile(fileIn(folder), 'utf8')) as { keep: KeepClips }).keep;
}

function fileIn(folder: string): string {
  return join(folder, 'clips.json');
}
