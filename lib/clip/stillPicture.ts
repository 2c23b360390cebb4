import sharp from 'sharp';
import { overBlack, type Picture } from '../frames/picture';

/**
 * Decodes one still picture, or one page of an animation, with sharp: turned as its EXIF tag says, 16 bit and
 * gray brought to 8-bit RGB, transparency laid over black, colour profiles left alone as FFmpeg, Pillow and
 * OpenCV do.
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
