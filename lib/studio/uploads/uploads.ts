import { createWriteStream, existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { UploadState } from '../api';
import { Refusal } from '../http/problem';
import { newId } from '../security/secrets';
import {
  type Description,
  readDescription,
  safeName,
  type UploadKind,
  writeDescription,
} from './description';
import { refusePlaylist } from './refusePlaylist';

/** Uploads that are not complete may not fill the disk. */
const MOST_OPEN = 16;
/** After which one that is not complete makes room for others: its page has gone. */
const ABANDONED_MS = 10 * 60 * 1000;

/**
 * Files that pages send, in pieces: each piece says where it begins, so that an upload that was cut off goes on where it
 * stopped. They are kept beside the runs, which name them.
 */
export class Uploads {
  private readonly known = new Map<string, Description>();
  /** Ends the piece of an upload that is being written; its sender is told why. */
  private readonly writing = new Map<string, (why: Refusal) => Promise<void>>();

  /** @param largest bytes of one file */
  constructor(
    private readonly folder: string,
    readonly largest: number,
  ) {
    for (const id of existsSync(folder) ? readdirSync(folder) : []) {
      const description = readDescription(join(folder, id));
      if (description) this.known.set(id, description);
    }
  }

  /** @throws Refusal 413 for a file that is too large, 429 where too many are open */
  async begin(kind: UploadKind, name: string, size: number): Promise<UploadState> {
    if (size > this.largest) throw tooLarge(size, this.largest);
    if (this.open().length >= MOST_OPEN) await this.removeAbandoned();
    const open = this.open().length;
    if (open >= MOST_OPEN)
      throw new Refusal(429, `${open} uploads are not complete.`, 'Wait for one of them.');
    const id = newId();
    const description = { kind, name: safeName(name), size, whole: false };
    this.known.set(id, description); // before anything is awaited: uploads that begin meanwhile count it
    try {
      await mkdir(join(this.folder, id), { recursive: true });
      await writeDescription(join(this.folder, id), description);
    } catch (error) {
      this.known.delete(id);
      throw error;
    }
    return this.state(id);
  }

  /** Those that are not complete. */
  private open(): string[] {
    return [...this.known].filter(([, { whole }]) => !whole).map(([id]) => id);
  }

  /** Of those that nothing has come of for long: also where a line still stands. */
  private async removeAbandoned(): Promise<void> {
    const since = Date.now() - ABANDONED_MS;
    for (const id of this.open()) {
      if (!this.known.has(id)) continue; // removed while another was waited for
      const file = this.file(id);
      const touched = statSync(existsSync(file) ? file : join(this.folder, id), { throwIfNoEntry: false });
      if (touched && touched.mtimeMs < since) await this.remove(id);
    }
  }

  /**
   * Writes a piece that begins at an offset. It ends an earlier one that is still being written: whoever sent that has lost
   * the line, or he would not send again. The last one, which may be empty, makes the upload complete.
   *
   * @throws Refusal 409 where the upload is at another offset, or a later piece came; 413 past its size; 415 for a playlist
   */
  async append(id: string, offset: number, body: Readable): Promise<UploadState> {
    this.requireOffset(id, offset);
    while (this.writing.has(id)) await this.writing.get(id)!(conflict('A later piece of this upload came.'));
    const { size } = this.requireOffset(id, offset);
    await this.write(id, body, size - offset);
    if (this.state(id).offset === size) await this.complete(id);
    return this.state(id);
  }

  private requireOffset(id: string, offset: number): UploadState {
    const state = this.state(id);
    if (offset === state.offset) return state;
    throw conflict(`The upload is at byte ${state.offset}, not at ${offset}.`);
  }

  private async write(id: string, body: Readable, most: number): Promise<void> {
    const end = new AbortController();
    const { signal } = end;
    const file = createWriteStream(this.file(id), { flags: 'a' });
    const closed = new Promise<void>((close) => file.once('close', close)); // until then bytes may still arrive in the file
    const written = pipeline(body, limit(most), file, { signal }).finally(async () => {
      await closed;
      this.writing.delete(id);
    });
    this.writing.set(id, (why) => {
      end.abort(why);
      return written.catch(() => undefined);
    });
    await written.catch((error: unknown) => {
      throw signal.aborted ? signal.reason : error;
    });
  }

  /** What names other files is removed again before anything can read it. */
  private async complete(id: string): Promise<void> {
    const description = this.described(id);
    if (description.kind === 'clip')
      await refusePlaylist(this.file(id)).catch(async (error: unknown) => {
        await this.remove(id);
        throw error;
      });
    const whole = { ...description, whole: true };
    await writeDescription(join(this.folder, id), whole);
    this.known.set(id, whole);
  }

  /** @throws Refusal 404 */
  state(id: string): UploadState {
    const { name, size, whole } = this.described(id);
    const file = this.file(id);
    const offset = existsSync(file) ? statSync(file).size : 0;
    return { id, name, size, offset, done: whole && offset === size };
  }

  finished(kind: UploadKind): UploadState[] {
    return [...this.known]
      .filter(([, description]) => description.kind === kind)
      .map(([id]) => this.state(id))
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
    await this.writing.get(id)?.(unknown());
    this.known.delete(id);
    await rm(join(this.folder, id), { recursive: true, force: true });
  }

  private file(id: string): string {
    return join(this.folder, id, this.described(id).name);
  }

  private described(id: string): Description {
    const found = this.known.get(id);
    if (!found) throw unknown();
    return found;
  }
}

/** Passes on so many bytes and fails at the next. */
function limit(bytes: number) {
  return async function* (source: AsyncIterable<Buffer>) {
    let left = bytes;
    for await (const chunk of source) {
      left -= chunk.length;
      if (left < 0)
        throw new Refusal(413, 'The piece goes past the end of the upload.', 'Send the rest alone.');
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
