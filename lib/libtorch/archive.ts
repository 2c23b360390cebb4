import type { Readable } from 'node:stream';
import { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import yauzl from 'yauzl';
import { FepError, messageOf } from '../errors/fepError';

/** A zip file open for reading, with its complete list of entries. */
export interface Archive {
  path: string;
  entries: readonly yauzl.Entry[];
  /** Streams an entry; the stream fails at its end if the CRC-32 does not match. */
  stream(entry: yauzl.Entry): Promise<Readable>;
  /** Reads a small entry as UTF-8 text. */
  text(entry: yauzl.Entry): Promise<string>;
  close(): void;
}

/**
 * Opens a zip file or a wheel. Truncated files, and archives with entries that would be unpacked outside the target
 * folder, are rejected here.
 */
export async function openArchive(path: string): Promise<Archive> {
  try {
    const zip = await openZip(path);
    const entries = await readEntries(zip).catch((error) => {
      zip.close();
      throw error;
    });
    const stream = (entry: yauzl.Entry) => openEntry(zip, entry);
    const text = async (entry: yauzl.Entry) =>
      Buffer.concat(await (await stream(entry)).toArray()).toString();
    return { path, entries, stream, text, close: () => zip.close() };
  } catch (error) {
    throw damaged(path, error);
  }
}

/** The error for a damaged or unsafe archive. */
export function damaged(path: string, cause: unknown): FepError {
  if (cause instanceof FepError) return cause;
  return new FepError('FEP_DOWNLOAD', `${path} is damaged or unsafe: ${messageOf(cause)}.`, {
    hint: 'Download it again; nothing was installed.',
    cause,
  });
}

function openZip(path: string): Promise<yauzl.ZipFile> {
  return new Promise((done, fail) => {
    const options = { lazyEntries: true, autoClose: false, validateEntrySizes: true };
    yauzl.open(path, options, (error, zip) => (error ? fail(error) : done(zip)));
  });
}

function readEntries(zip: yauzl.ZipFile): Promise<yauzl.Entry[]> {
  return new Promise((done, fail) => {
    const entries: yauzl.Entry[] = [];
    zip.on('entry', (entry: yauzl.Entry) => {
      entries.push(entry);
      zip.readEntry();
    });
    zip.once('end', () => done(entries));
    zip.once('error', fail);
    zip.readEntry();
  });
}

function openEntry(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<Readable> {
  return new Promise((done, fail) => {
    zip.openReadStream(entry, (error, source) => {
      if (error) return fail(error);
      const checked = checksum(entry);
      source.once('error', (reason) => checked.destroy(reason));
      checked.once('close', () => source.destroy());
      done(source.pipe(checked));
    });
  });
}

/** Passes bytes through and verifies their CRC-32 against the entry, which yauzl leaves to its caller. */
function checksum(entry: yauzl.Entry): Transform {
  let crc = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, next) {
      crc = crc32(chunk, crc);
      next(null, chunk);
    },
    flush(next) {
      next(crc === entry.crc32 ? null : new Error(`${entry.fileName} has a wrong checksum`));
    },
  });
}

/** zlib provides crc32 from Node 20.15 on. */
const crc32: (data: Buffer, value: number) => number = zlib.crc32 ?? crc32InJavaScript;

function crc32InJavaScript(data: Buffer, value: number): number {
  let crc = ~value;
  for (const byte of data) crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ byte) & 255] as number);
  return ~crc >>> 0;
}

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});
