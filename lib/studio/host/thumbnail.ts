import { join } from 'node:path';
import sharp from 'sharp';
import type { Clip } from '../../clip/types';
import { writeAtomically } from '../../files/atomicFile';
import { maskedPicture, overlay } from '../../report/overlay';

const SIZE = 160;

/** Writes `thumbnail.webp`: the frame in the middle of a clip under its mask's colours. */
export async function writeThumbnail(folder: string, clip: Clip, mask: Float32Array): Promise<void> {
  const scale = SIZE / Math.max(clip.height, clip.width);
  const { data, height, width } = overlay(maskedPicture({ clip, mask }, clip.frames >> 1, scale));
  const picture = sharp(data, { raw: { height, width, channels: 3 } }).webp({ quality: 80 });
  await writeAtomically(join(folder, 'thumbnail.webp'), (temporary) => picture.toFile(temporary));
}
