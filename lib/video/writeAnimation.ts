import sharp from 'sharp';
import type { EncodeSettings } from './encodeSettings';

/**
 * Writes an endlessly looping GIF or WebP. Delays are rounded to milliseconds, in a GIF to hundredths of a second.
 */
export async function writeAnimation(
  path: string,
  extension: '.gif' | '.webp',
  frames: Uint8Array,
  settings: EncodeSettings,
): Promise<void> {
  const { height, width, fps, crf } = settings;
  const raw = { width, height: height * settings.frames, channels: 3 as const, pageHeight: height };
  const image = sharp(frames, { raw, limitInputPixels: false });
  const delay = new Array<number>(settings.frames).fill(Math.max(1, Math.round(1000 / fps)));
  const animation = { delay, loop: 0 };
  // More effort makes a GIF of photographs a seventh smaller but takes four times as long.
  if (extension === '.gif') await image.gif({ ...animation, interFrameMaxError: 0, effort: 3 }).toFile(path);
  else
    await image
      .webp({ ...animation, quality: Math.max(1, 100 - 2 * Math.round(crf)), effort: 4 })
      .toFile(path);
}
