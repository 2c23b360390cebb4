import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { messageOf } from '../errors/fepError';

const MACHINES: Readonly<Record<string, number>> = { x64: 62, arm64: 183 };
const PT_LOAD = 1;

/**
 * Why a file cannot be a shared library for this machine; undefined if its headers are valid.
 *
 * Loading a truncated library kills the process with SIGBUS. The headers give the length that the file must have,
 * so truncation is detected without loading anything.
 */
export function elfProblem(path: string, arch: string = process.arch): string | undefined {
  try {
    const fd = openSync(path, 'r');
    try {
      return headerProblem(fd, fstatSync(fd).size, arch);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    return messageOf(error);
  }
}

function headerProblem(fd: number, size: number, arch: string): string | undefined {
  if (size === 0) return 'is empty';
  const header = readAt(fd, 0, 64);
  if (header.length < 20 || header.readUInt32BE(0) !== 0x7f454c46)
    return 'is not a shared library (no ELF header)';
  if (header.length < 64) return 'is truncated';
  const machine = MACHINES[arch];
  if (header[4] !== 2 || (machine !== undefined && header.readUInt16LE(18) !== machine)) {
    return `is built for another processor than ${arch}`;
  }
  const needed = Math.max(sectionEnd(header), segmentEnd(fd, header));
  return needed > size ? `is truncated: ${size} bytes of at least ${needed}` : undefined;
}

/** End of the section header table, which linkers write last. */
function sectionEnd(header: Buffer): number {
  return Number(header.readBigUInt64LE(40)) + header.readUInt16LE(58) * header.readUInt16LE(60);
}

/** End of the last segment that is mapped into memory. */
function segmentEnd(fd: number, header: Buffer): number {
  const entrySize = header.readUInt16LE(54);
  const count = header.readUInt16LE(56);
  if (count === 0) return 0;
  const offset = Number(header.readBigUInt64LE(32));
  const table = readAt(fd, offset, entrySize * count);
  let end = offset + entrySize * count;
  for (let at = 0; at + 40 <= table.length; at += entrySize) {
    if (table.readUInt32LE(at) !== PT_LOAD) continue;
    end = Math.max(end, Number(table.readBigUInt64LE(at + 8) + table.readBigUInt64LE(at + 32)));
  }
  return end;
}

function readAt(fd: number, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  return buffer.subarray(0, readSync(fd, buffer, 0, length, position));
}
