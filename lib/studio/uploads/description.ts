import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { writeAtomically } from '../../files/atomicFile';

/** The file that says what an upload is, beside its bytes. */
const FILE = 'upload.json';
/** Of a file's name, in bytes: a file system takes 255. */
const LONGEST_NAME = 200;

const schema = z.object({
  kind: z.enum(['clip', 'model']),
  /** Of the file, without a folder. */
  name: z.string().refine((name) => name === safeName(name)),
  /** Bytes that are to come. */
  size: z.number().int().min(1),
  /** Whether all have come, and the file is none that names others. */
  whole: z.boolean().default(false),
});

export type UploadKind = Description['kind'];

/** What is known of an upload. */
export type Description = z.output<typeof schema>;

/** Undefined where there is none, or where the last server ended before all of it was written. */
export function readDescription(folder: string): Description | undefined {
  try {
    return schema.safeParse(JSON.parse(readFileSync(join(folder, FILE), 'utf8'))).data;
  } catch {
    return undefined;
  }
}

export async function writeDescription(folder: string, description: Description): Promise<void> {
  const text = JSON.stringify(description);
  await writeAtomically(join(folder, FILE), (temporary) => writeFile(temporary, text));
}

/** A name of a file and nothing else, whatever the page sent. */
export function safeName(name: string): string {
  const plain = basename(name.replaceAll('\\', '/'))
    .replaceAll(/[^\p{L}\p{N}._ -]/gu, '_')
    .replace(/^[.\s]+/, '');
  const short = lastBytes(plain, LONGEST_NAME);
  return short === '' || short === FILE ? 'file' : short;
}

/** The end of a text, which has the ending of a file's name, of at most so many bytes. */
function lastBytes(text: string, most: number): string {
  const characters = [...text];
  let length = Buffer.byteLength(text);
  let first = 0;
  for (; length > most; first++) length -= Buffer.byteLength(characters[first]!);
  return characters.slice(first).join('');
}
