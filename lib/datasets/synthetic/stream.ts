import type { Writable } from 'node:stream';
import { FepError } from '../../errors/fepError';
import { SYNTHETIC_CLASSES } from './classes';
import { resolveSynthesis, type SynthesisOptions } from './options';
import { type SyntheticClip, synthesize } from './synthesize';

/** Which clips of a set: `count` clips from `start` on. */
export type SyntheticRange = Omit<SynthesisOptions, 'index'> & { start?: number; count: number };

/**
 * Synthesises the clips of a set one at a time, in order.
 *
 * @throws FepError `FEP_USAGE` for options out of range, when the first clip is requested
 */
export function* syntheticClips(range: SyntheticRange): Generator<SyntheticClip> {
  const { start = 0, count, ...options } = range;
  if (!Number.isInteger(count) || count < 0) {
    throw new FepError('FEP_USAGE', `The count of clips must be a whole number from 0 on, not ${count}.`, {
      hint: 'Say how many clips to make.',
    });
  }
  for (let i = 0; i < count; i++) yield synthesize({ ...options, index: start + i });
}

/**
 * The binary format of a set of clips, for programs that read them through a pipe. All numbers are little-endian.
 *
 *     header   16 bytes   "FEPS", then uint16 version (1), uint16 number of classes, uint16 T, H, W, uint16 0
 *     record   uint32 index, uint32 label,
 *              T × 4 × int16 box as x, y, width, height, all −1 if there is none,
 *              T·H·W·3 bytes RGB
 *
 * Records of equal length follow each other without gaps until the end of the stream.
 */
export function encodeHeader(frames: number, height: number, width: number): Buffer {
  const header = Buffer.alloc(16);
  header.write('FEPS', 'latin1');
  [1, SYNTHETIC_CLASSES.length, frames, height, width, 0].forEach((value, i) => {
    header.writeUInt16LE(value, 4 + 2 * i);
  });
  return header;
}

/** One record of the binary format, see `encodeHeader`. */
export function encodeClip(clip: SyntheticClip): Buffer {
  const fixed = 8 + clip.frames * 8;
  const record = Buffer.alloc(fixed + clip.rgb.length);
  record.writeUInt32LE(clip.index, 0);
  record.writeUInt32LE(clip.label, 4);
  clip.boxes.forEach((box, t) => {
    const numbers = box ? [box.x, box.y, box.width, box.height] : [-1, -1, -1, -1];
    numbers.forEach((value, i) => {
      record.writeInt16LE(value, 8 + 8 * t + 2 * i);
    });
  });
  record.set(clip.rgb, fixed);
  return record;
}

/**
 * Writes the clips of a set to a stream in the binary format, respecting backpressure.
 *
 * @returns when everything was handed to the stream, or its reader closed it; the stream stays open
 */
export async function writeClips(range: SyntheticRange, stream: Writable): Promise<void> {
  const { start = 0, count: _count, ...options } = range;
  const { frames, height, width } = resolveSynthesis({ ...options, index: start });
  await writeAndDrain(stream, encodeHeader(frames, height, width));
  for (const clip of syntheticClips(range)) {
    if (stream.destroyed) return;
    await writeAndDrain(stream, encodeClip(clip));
  }
}

/** Writes, and waits while the buffer of the stream is full. */
async function writeAndDrain(stream: Writable, bytes: Buffer): Promise<void> {
  if (stream.write(bytes)) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      stream.off('drain', done);
      stream.off('close', done);
      resolve();
    };
    stream.on('drain', done);
    stream.on('close', done);
  });
}
