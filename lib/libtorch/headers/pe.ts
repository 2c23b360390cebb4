import type { Headers } from './headers';

const MZ = 0x5a4d;
const SIGNATURE = 0x0000_4550; // PE, two zeros
/** Bytes of the signature with the header behind it, and of each entry of the table of sections. */
const FILE_HEADER = 24;
const SECTION = 40;

/** The headers of Windows' shared libraries (PE). */
export const PE: Headers = {
  name: 'PE',
  machines: { x64: 0x8664, arm64: 0xaa64 },
  length: 64,
  isOne: (header) => header.readUInt16LE(0) === MZ,
  machineEnd: (header) => header.readUInt32LE(60) + FILE_HEADER,
  machineOf: (header, read) => {
    const file = read(header.readUInt32LE(60), FILE_HEADER);
    return file.readUInt32LE(0) === SIGNATURE ? file.readUInt16LE(4) : undefined;
  },
  endOf: (header, read) => {
    const offset = header.readUInt32LE(60);
    const file = read(offset, FILE_HEADER);
    const table = offset + FILE_HEADER + file.readUInt16LE(20);
    const size = file.readUInt16LE(6) * SECTION;
    return Math.max(table + size, lastSectionEnd(read(table, size)));
  },
};

function lastSectionEnd(sections: Buffer): number {
  let end = 0;
  for (let at = 0; at + SECTION <= sections.length; at += SECTION)
    end = Math.max(end, sections.readUInt32LE(at + 16) + sections.readUInt32LE(at + 20));
  return end;
}
