import type { Machine } from '../machine';

/** Reads so many bytes of a file from a position; fewer at its end. */
export type ReadAt = (position: number, length: number) => Buffer;

/** What the headers of an operating system's shared libraries tell. */
export interface Headers {
  /** The format's name. */
  name: string;
  /** The processors' numbers in it. */
  machines: Partial<Record<Machine['arch'], number>>;
  /** Bytes of the first header. */
  length: number;
  /** Whether these first bytes, 20 at least, begin such a file. */
  isOne: (header: Buffer) => boolean;
  /** The number of the processor that it is for; undefined where the header that says so is no such header. */
  machineOf: (header: Buffer, read: ReadAt) => number | undefined;
  /** Where that header ends, in bytes, if not with the first one. */
  machineEnd?: (header: Buffer) => number;
  /** The length that the file must have at least, in bytes. */
  endOf: (header: Buffer, read: ReadAt) => number;
}
