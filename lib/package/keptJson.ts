import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { writeAtomically } from '../files/atomicFile';
import { sha256OfText } from '../files/sha256';
import { userCacheDir } from './cache';

/** The file of the user's cache that keeps an answer, named by all that the answer depends on. */
export function keptFile(folder: string, key: object): string {
  return join(userCacheDir(), folder, `${sha256OfText(JSON.stringify(key)).slice(0, 32)}.json`);
}

/** The answer that a file keeps; undefined if there is none, or it is unreadable. */
export async function readKept<Schema extends z.ZodType>(
  file: string | Promise<string>,
  schema: Schema,
): Promise<z.output<Schema> | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(await file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Keeps an answer. Ignores a failed write, which only costs finding the answer again. */
export async function keep(file: string | Promise<string>, answer: object): Promise<void> {
  try {
    await writeAtomically(await file, (temporary) => writeFile(temporary, JSON.stringify(answer)));
  } catch {}
}
