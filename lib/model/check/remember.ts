import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { versions } from '../../binding/versions';
import { writeAtomically } from '../../files/atomicFile';
import { sha256OfFile, sha256OfText } from '../../files/sha256';
import type { Manifest } from '../../manifest/manifest';
import { userCacheDir } from '../../package/cache';
import { type ModelCheck, modelCheckSchema } from './types';

/** A model's check, and where it was asked for why the model does not run in bfloat16: null where it does. */
const noteSchema = z.object({ check: modelCheckSchema, bfloat16: z.string().nullable().optional() });

/** What is remembered of a model. */
export type CheckNote = z.output<typeof noteSchema>;

/**
 * Where a model's check is remembered: by the file's content, by what decides what the model is asked and how its
 * answer is read, and by the versions that do it.
 */
export async function checkNote(path: string, { input, output }: Manifest, device: string): Promise<string> {
  const { layout, frames, height, width } = input;
  const { activation, tensor, averageOver, classes } = output;
  const { node: _, ...made } = versions();
  const question = {
    file: await sha256OfFile(path),
    ...{ layout, frames, height, width, activation, tensor, averageOver, classes: classes.length },
    device: device.split(':')[0],
    made,
    facts: Object.keys(modelCheckSchema.shape),
  };
  return join(userCacheDir(), 'checks', `${sha256OfText(JSON.stringify(question)).slice(0, 32)}.json`);
}

/** What is remembered; none where the model was never checked, or the note cannot be read. */
export async function rememberedCheck(note: string): Promise<CheckNote | undefined> {
  try {
    return noteSchema.parse(JSON.parse(await readFile(note, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Notes a check. A cache that cannot be written to costs a check per start, and is no reason to fail. */
export async function rememberCheck(
  note: string,
  check: ModelCheck,
  bfloat16?: string | null,
): Promise<void> {
  const json = JSON.stringify({ check, ...(bfloat16 !== undefined && { bfloat16 }) });
  try {
    await writeAtomically(note, (temporary) => writeFile(temporary, json));
  } catch {}
}
