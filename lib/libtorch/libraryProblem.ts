import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { messageOf } from '../errors/fepError';
import { ELF } from './headers/elf';
import type { Headers } from './headers/headers';
import { MACH_O } from './headers/machO';
import { PE } from './headers/pe';
import { type Machine, THIS_MACHINE } from './machine';

const FORMATS: Partial<Record<NodeJS.Platform, Headers>> = { linux: ELF, darwin: MACH_O, win32: PE };

/**
 * Why a file cannot be a shared library for a machine; undefined if its headers are valid.
 *
 * Loading a truncated library kills the process with SIGBUS. The headers give the length that the file must have,
 * so truncation is detected without loading anything.
 */
export function libraryProblem(path: string, machine: Machine = THIS_MACHINE): string | undefined {
  const format = FORMATS[machine.platform];
  if (format === undefined) return undefined;
  try {
    const fd = openSync(path, 'r');
    try {
      return headerProblem(fd, fstatSync(fd).size, format, machine);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    return messageOf(error);
  }
}

function headerProblem(fd: number, size: number, format: Headers, { arch }: Machine): string | undefined {
  if (size === 0) return 'is empty';
  const read = (position: number, length: number) => readAt(fd, position, length);
  const header = read(0, format.length);
  if (header.length < 20 || !format.isOne(header))
    return `is not a shared library (no ${format.name} header)`;
  if (header.length < format.length || size < (format.machineEnd?.(header) ?? 0)) return 'is truncated';
  const wanted = format.machines[arch];
  const found = format.machineOf(header, read);
  if (found === undefined || (wanted !== undefined && found !== wanted))
    return `is built for another processor than ${arch}`;
  const needed = format.endOf(header, read);
  return needed > size ? `is truncated: ${size} bytes of at least ${needed}` : undefined;
}

/** No more than what a file's tables take: a damaged one may ask for gigabytes. */
const MOST_BYTES = 1 << 20;

function readAt(fd: number, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(Math.min(length, MOST_BYTES));
  return buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, position));
}
