import { deflateSync } from 'node:zlib';
import sharp, { type WebpOptions } from 'sharp';
import type { FrameSprite, PackedBytes } from './document';

/** WebP without visible loss on a clip of a few hundred pixels. */
const KEPT: WebpOptions = { quality: 88, smartSubsample: true };

export function packBytes(bytes: Uint8Array): PackedBytes {
  return {
    encoding: 'deflate',
    length: bytes.length,
    base64: deflateSync(bytes, { level: 9 }).toString('base64'),
  };
}

/** A mask in [0, 1] as bytes, rounded to nearest; values ≥ ½ become ≥ 128, so that a threshold of ½ is exact. */
export function maskBytes(mask: Float32Array): Uint8Array {
  return Uint8Array.from(mask, (value) => Math.floor(255 * Math.min(Math.max(value, 0), 1) + 0.5));
}

export function packMask(mask: Float32Array): PackedBytes {
  return packBytes(maskBytes(mask));
}

/**
 * Packs the frames into one WebP, in a nearly square grid.
 *
 * @param rgb T×H×W×3
 * @param how by default as pages keep them
 */
export async function frameSprite(
  rgb: Uint8Array,
  { frames, height, width }: { frames: number; height: number; width: number },
  how: WebpOptions = KEPT,
): Promise<FrameSprite> {
  const columns = Math.ceil(Math.sqrt(frames));
  const rows = Math.ceil(frames / columns);
  const stride = columns * width * 3;
  const data = new Uint8Array(rows * height * stride);
  for (let t = 0; t < frames; t++)
    for (let y = 0; y < height; y++) {
      const line = (t * height + y) * width * 3;
      const to = (Math.floor(t / columns) * height + y) * stride + (t % columns) * width * 3;
      data.set(rgb.subarray(line, line + width * 3), to);
    }
  const raw = { height: rows * height, width: columns * width, channels: 3 } as const;
  const webp = await sharp(data, { raw }).webp(how).toBuffer();
  return { url: `data:image/webp;base64,${webp.toString('base64')}`, columns };
}
