import type { Headers, ReadAt } from './headers';

const MAGIC = 0x7f454c46;
const PT_LOAD = 1;

/** The headers of Linux's shared libraries (ELF, 64 bits, little endian). */
export const ELF: Headers = {
  name: 'ELF',
  machines: { x64: 62, arm64: 183 },
  length: 64,
  isOne: (header) => header.readUInt32BE(0) === MAGIC,
  machineOf: (header) => (header[4] === 2 ? header.readUInt16LE(18) : undefined),
  endOf: (header, read) => Math.max(sectionEnd(header), segmentEnd(header, read)),
};

/** End of the section header table, which linkers write last. */
function sectionEnd(header: Buffer): number {
  return Number(header.readBigUInt64LE(40)) + header.readUInt16LE(58) * header.readUInt16LE(60);
}

/** End of the last segment that is mapped into memory. */
function segmentEnd(header: Buffer, read: ReadAt): number {
  const entrySize = header.readUInt16LE(54);
  const count = header.readUInt16LE(56);
  if (count === 0) return 0;
  const offset = Number(header.readBigUInt64LE(32));
  const table = read(offset, entrySize * count);
  let end = offset + entrySize * count;
  for (let at = 0; at + 40 <= table.length; at += entrySize) {
    if (table.readUInt32LE(at) !== PT_LOAD) continue;
    end = Math.max(end, Number(table.readBigUInt64LE(at + 8) + table.readBigUInt64LE(at + 32)));
  }
  return end;
}
