import type { Writable } from 'node:stream';
import { FepError } from '../../errors/fepError';
import { SYNTHETIC_CLASSES } from './classes';
import { resolveSynthesis, type SynthesisOptions } from './options';
import { type SyntheticClip, synthesize } from './synthesize';

/** Which clips of a set: `count` of them, from `start` on. */
export type SyntheticRange = Omit<SynthesisOptions, 'index'> & { start?: number; count: number };

/**
 * Makes the clips of a set one by one, in order.
 *
 * @throws FepError `FEP_USAGE` for options out of range, when the first clip is asked for
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
 * The binary form of a set of clips, for programs that read them through a pipe. All numbers little-endian.
 *
 *     header   16 bytes   "FEPS", then uint16 version (1), uint16 number of classes, uint16 T, H, W, uint16 0
 *     record   uint32 index, uint32 label,
 *              T × 4 × int16 box as x, y, width, height, all −1 where there is none,
 *              T·H·W·3 bytes RGB
 *
 * Records follow each other without a gap until the stream ends; each has the same length.
 */
export function encodeHeader(frames: number, height: number, width: number): Buffer {
  const header = Buffer.alloc(16);
  header.write('FEPS', 'latin1');
  [1, SYNTHETIC_CLASSES.length, frames, height, width, 0].forEach((value, i) => {
    header.writeUInt16LE(value, 4 + 2 * i);
  });
  return header;
}

/** One record of the binary form, see `encodeHeader`. */
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
 * Writes the clips of a set to a stream in the binary form, no faster than the stream takes them.
 *
 * @returns when everything is handed to the stream, or when its reader has gone; the stream stays open
 */
export async function writeClips(range: SyntheticRange, stream: Writable): Promise<void> {
  const { start = 0, count: _count, ...options } = range;
  const { frames, height, width } = resolveSynthesis({ ...options, index: start });
  await handOver(stream, encodeHeader(frames, height, width));
  for (const clip of syntheticClips(range)) {
    if (stream.destroyed) return;
    await handOver(stream, encodeClip(clip));
  }
}

/** Writes, and waits while the stream's buffer is full. */
async function handOver(stream: Writable, bytes: Buffer): Promise<void> {
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
