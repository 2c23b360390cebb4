import { createWriteStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { UploadState } from '../api';
import { Refusal } from '../http/problem';
import { newId } from '../security/secrets';
import { refusePlaylist } from './refusePlaylist';

export type UploadKind = 'clip' | 'model';

interface Described {
  id: string;
  kind: UploadKind;
  name: string;
  size: number;
}

/** Uploads that are not complete may not fill the disk. */
const MOST_OPEN = 16;
/** After which one that is not complete makes room for others: its page has gone. */
const ABANDONED_MS = 10 * 60 * 1000;
/** What an upload is, beside its bytes. */
const DESCRIPTION = 'upload.json';
/** In bytes: a file system takes 255. */
const LONGEST_NAME = 200;

/**
 * Files that pages send, in pieces: each piece says where it begins, so that an upload that was cut off goes on where it
 * stopped. They are kept beside the runs, which name them.
 */
export class Uploads {
  private readonly known = new Map<string, Described>();
  /** Ends the piece of an upload that is being written. */
  private readonly writing = new Map<string, () => Promise<void>>();

  /** @param largest bytes of one file */
  constructor(
    private readonly folder: string,
    readonly largest: number,
  ) {
    for (const id of existsSync(folder) ? readdirSync(folder) : []) {
      const described = readDescribed(join(folder, id, DESCRIPTION));
      if (described) this.known.set(id, described);
    }
  }

  /** @throws Refusal 413 for a file that is too large, 429 where too many are open */
  async begin(kind: UploadKind, name: string, size: number): Promise<UploadState> {
    if (size > this.largest) throw tooLarge(size, this.largest);
    if (this.open().length >= MOST_OPEN) await this.removeAbandoned();
    const open = this.open();
    if (open.length >= MOST_OPEN)
      throw new Refusal(429, `${open.length} uploads are not complete.`, 'Complete or cancel one first.');
    const described = { id: newId(), kind, name: safeName(name), size };
    const { id } = described;
    this.known.set(id, described); // before anything is awaited: uploads that begin meanwhile count it
    try {
      await mkdir(join(this.folder, id), { recursive: true });
      await writeFile(join(this.folder, id, DESCRIPTION), JSON.stringify(described));
    } catch (error) {
      this.known.delete(id);
      throw error;
    }
    return this.state(id);
  }

  /** Those that are not complete. */
  private open(): string[] {
    return [...this.known.keys()].filter((id) => !this.state(id).done);
  }

  private async removeAbandoned(): Promise<void> {
    for (const id of this.open()) {
      const file = this.file(id);
      const touched = existsSync(file) ? file : join(this.folder, id, DESCRIPTION);
      const isOld =
        Date.now() - (statSync(touched, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) > ABANDONED_MS;
      if (isOld && !this.writing.has(id)) await this.remove(id);
    }
  }

  /**
   * Writes a piece that begins at an offset. It ends an earlier one that is still being written: whoever sent that has lost
   * the line, or he would not send again.
   *
   * @throws Refusal 409 where the upload is at another offset, or a later piece came; 413 past its size
   */
  async append(id: string, offset: number, body: Readable): Promise<UploadState> {
    while (this.writing.has(id)) await this.writing.get(id)!();
    const state = this.state(id);
    if (offset !== state.offset) throw conflict(`The upload is at byte ${state.offset}, not at ${offset}.`);
    await this.write(id, body, state.size - offset);
    const after = this.state(id);
    if (after.done && this.described(id).kind === 'clip') await this.check(id);
    return after;
  }

  private async write(id: string, body: Readable, most: number): Promise<void> {
    const later = new AbortController();
    const { signal } = later;
    const file = createWriteStream(this.file(id), { flags: 'a' });
    const closed = new Promise<void>((close) => file.once('close', close)); // until then bytes may still arrive in the file
    const written = pipeline(body, limit(most), file, { signal }).finally(async () => {
      await closed;
      this.writing.delete(id);
    });
    this.writing.set(id, () => {
      later.abort();
      return written.catch(() => undefined);
    });
    await written.catch((error: unknown) => {
      throw signal.aborted ? conflict('A later piece of this upload came.') : error;
    });
  }

  private async check(id: string): Promise<void> {
    try {
      await refusePlaylist(this.file(id));
    } catch (error) {
      await this.remove(id);
      throw error;
    }
  }

  /** @throws Refusal 404 */
  state(id: string): UploadState {
    const { name, size } = this.described(id);
    const file = this.file(id);
    const offset = existsSync(file) ? statSync(file).size : 0;
    return { id, name, size, offset, done: offset === size };
  }

  finished(kind: UploadKind): UploadState[] {
    return [...this.known.values()]
      .filter((one) => one.kind === kind)
      .map(({ id }) => this.state(id))
      .filter(({ done }) => done);
  }

  /** @throws Refusal 404 where there is no such upload, 409 where it is not complete */
  pathOf(id: string, kind: UploadKind): string {
    if (this.described(id).kind !== kind) throw unknown();
    if (!this.state(id).done) throw conflict('The upload is not complete.');
    return this.file(id);
  }

  async remove(id: string): Promise<void> {
    this.described(id);
    await this.writing.get(id)?.();
    this.known.delete(id);
    await rm(join(this.folder, id), { recursive: true, force: true });
  }

  private file(id: string): string {
    return join(this.folder, id, this.described(id).name);
  }

  private described(id: string): Described {
    const found = this.known.get(id);
    if (!found) throw unknown();
    return found;
  }
}

/** Undefined where the last server ended before all of it was written. */
function readDescribed(file: string): Described | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Described;
  } catch {
    return undefined;
  }
}

/** A name of a file and nothing else, whatever the page sent. */
function safeName(name: string): string {
  const plain = basename(name.replaceAll('\\', '/'))
    .replaceAll(/[^\p{L}\p{N}._ -]/gu, '_')
    .replace(/^[.\s]+/, '');
  const short = lastBytes(plain, LONGEST_NAME);
  return short === '' || short === DESCRIPTION ? 'file' : short;
}

/** The end of a text, which has the ending of a file's name, of at most so many bytes. */
function lastBytes(text: string, most: number): string {
  const characters = [...text];
  let length = Buffer.byteLength(text);
  let first = 0;
  for (; length > most; first++) length -= Buffer.byteLength(characters[first]!);
  return characters.slice(first).join('');
}

/** Passes on so many bytes and fails at the next. */
function limit(bytes: number) {
  return async function* (source: AsyncIterable<Buffer>) {
    let left = bytes;
    for await (const chunk of source) {
      left -= chunk.length;
      if (left < 0) throw tooLarge(bytes - left, bytes);
      yield chunk;
    }
  };
}

function tooLarge(size: number, largest: number): Refusal {
  return new Refusal(
    413,
    `The file has ${size} bytes or more; at most ${largest} are taken.`,
    'Cut the clip to the seconds that matter, or start the studio with a higher --max-upload.',
  );
}

function conflict(message: string): Refusal {
  return new Refusal(409, message, 'Ask for the state of the upload and go on from its offset.');
}

function unknown(): Refusal {
  return new Refusal(404, 'There is no such upload.', 'Send the file again.');
}
