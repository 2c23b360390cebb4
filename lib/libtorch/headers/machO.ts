import type { Headers } from './headers';

const MAGIC = 0xfeedfacf;
const LC_SEGMENT_64 = 0x19;
/** Bytes of the header, and of the part of a segment's command that is read here. */
const HEADER = 32;
const SEGMENT = 56;

/** The headers of macOS's shared libraries (Mach-O, 64 bits, of one processor). */
export const MACH_O: Headers = {
  name: 'Mach-O',
  machines: { x64: 0x0100_0007, arm64: 0x0100_000c },
  length: HEADER,
  isOne: (header) => header.readUInt32LE(0) === MAGIC,
  machineOf: (header) => header.readUInt32LE(4),
  endOf: (header, read) => {
    const size = header.readUInt32LE(20);
    return Math.max(HEADER + size, lastSegmentEnd(read(HEADER, size), header.readUInt32LE(16)));
  },
};

/** End of the last segment in the file, in which the linker keeps its own tables. */
function lastSegmentEnd(commands: Buffer, count: number): number {
  let end = 0;
  for (let i = 0, at = 0; i < count && at + 8 <= commands.length; i++) {
    if (commands.readUInt32LE(at) === LC_SEGMENT_64 && at + SEGMENT <= commands.length)
      end = Math.max(end, Number(commands.readBigUInt64LE(at + 40) + commands.readBigUInt64LE(at + 48)));
    at += Math.max(8, commands.readUInt32LE(at + 4));
  }
  return end;
}
