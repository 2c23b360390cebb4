import sharp from 'sharp';
import { overBlack, type Picture } from '../frames/picture';

/**
 * Decodes a still picture, or one page of an animation, with sharp: rotated according to its EXIF tag, 16-bit and
 * grey converted to 8-bit RGB, transparency composited over black. Colour profiles are ignored, as by FFmpeg,
 * Pillow and OpenCV.
 */
export async function decodeStill(
  file: string | Uint8Array,
  page?: number,
): Promise<Picture & { translucent: boolean }> {
  const options = {
    ignoreIcc: true,
    failOn: 'truncated' as const,
    ...(page === undefined ? {} : { page, pages: 1 }),
  };
  const { data, info } = await sharp(file, options)
    .autoOrient()
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { ...overBlack(data, info.width * info.height), height: info.height, width: info.width };
}
