import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { FepError, messageOf } from '../../errors/fepError';

/**
 * A file of JSON lines that survives a kill at any moment.
 *
 * What is appended is handed to the disk before more is. What a kill leaves is whole lines and at most one torn one
 * at the end, which opening the file cuts off.
 */
export class Journal<Line extends object> {
  /** The lines that were there, in the order in which they were written. */
  readonly lines: readonly Line[];
  private readonly file: number;
  private length: number;
  /** Lines that were appended. */
  written = 0;

  /** @throws FepError `FEP_IO` when the file cannot be read or written, or a line other than the last is broken */
  constructor(readonly path: string) {
    try {
      this.file = openSync(path, 'a+');
      const { lines, length } = parseLines<Line>(readFileSync(path), path);
      this.lines = lines;
      this.length = length;
      ftruncateSync(this.file, length);
    } catch (error) {
      throw unusable(path, error);
    }
  }

  /** @throws FepError `FEP_IO` when the disk is full; the file then ends with what was there before */
  append(...lines: Line[]): void {
    const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    try {
      if (writeSync(this.file, bytes) < bytes.length) throw new Error('the disk is full');
      fsyncSync(this.file);
      this.length += bytes.length;
      this.written += lines.length;
    } catch (error) {
      ftruncateSync(this.file, this.length);
      throw unusable(this.path, error);
    }
  }

  close(): void {
    closeSync(this.file);
  }
}

/** The whole lines of a journal that somebody may still be writing. */
export function readJournal<Line extends object>(path: string): Line[] {
  try {
    return parseLines<Line>(readFileSync(path), path).lines;
  } catch (error) {
    throw unusable(path, error);
  }
}

/** The lines that are whole, and the number of bytes that they take. */
function parseLines<Line>(bytes: Buffer, path: string): { lines: Line[]; length: number } {
  const lines: Line[] = [];
  let length = 0;
  for (;;) {
    const end = bytes.indexOf(0x0a, length);
    if (end < 0) return { lines, length };
    try {
      lines.push(JSON.parse(bytes.toString('utf8', length, end)) as Line);
    } catch (error) {
      // A power cut may leave a last line of which only the end reached the disk.
      if (end === bytes.length - 1) return { lines, length };
      throw new FepError('FEP_IO', `Line ${lines.length + 1} of ${path} is not JSON: ${messageOf(error)}`, {
        cause: error,
        hint: 'Delete that line; what it held is computed again.',
      });
    }
    length = end + 1;
  }
}

function unusable(path: string, error: unknown): FepError {
  if (error instanceof FepError) return error;
  return new FepError('FEP_IO', `${path} cannot be used: ${messageOf(error)}`, {
    cause: error,
    hint: 'Check that the folder exists, that it may be written to and that the disk is not full.',
  });
}
