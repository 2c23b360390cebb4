import { scalePicture, scalePlane } from '../clip/resize';
import type { Clip } from '../clip/types';
import type { Picture } from '../frames/picture';
import { type ColormapName, colormap } from './colormap';
import type { ReportInput } from './types';

/** One frame of a clip and its mask, at display size. */
export interface MaskedPicture extends Picture {
  /** H×W in [0, 1]. */
  mask: Float32Array;
}

/** Opacity of the colour map in an overlay. */
const OPACITY = 0.55;

/** Frame t of T×H×W×3 bytes, scaled up bilinearly. */
export function scaledFrame(rgb: Uint8Array, { height, width }: Clip, t: number, scale: number): Picture {
  const bytes = height * width * 3;
  const frame = { data: rgb.subarray(t * bytes, (t + 1) * bytes), height, width };
  return scalePicture(frame, Math.round(height * scale), Math.round(width * scale));
}

/** Frame t of a clip and its mask, scaled up bilinearly. */
export function maskedPicture(
  { clip, mask }: Pick<ReportInput, 'clip' | 'mask'>,
  t: number,
  scale: number,
): MaskedPicture {
  const { height, width } = clip;
  const voxels = height * width;
  const scaled = scaledFrame(clip.rgb, clip, t, scale);
  const plane = mask.subarray(t * voxels, (t + 1) * voxels);
  return { ...scaled, mask: scalePlane(plane, height, width, 1, scaled.height, scaled.width) };
}

/** The frame overlaid with the mask's colours: each pixel is 45 % frame and 55 % the colour of its mask value. */
export function overlay(
  { data, mask, height, width }: MaskedPicture,
  map: ColormapName = 'inferno',
): Picture {
  const colours = colormap(map);
  const out = new Uint8Array(data.length);
  for (let i = 0; i < mask.length; i++) {
    const colour = Math.round(Math.min(Math.max(mask[i]!, 0), 1) * 255) * 3;
    for (let c = 0; c < 3; c++)
      out[i * 3 + c] = Math.round((1 - OPACITY) * data[i * 3 + c]! + OPACITY * colours[colour + c]!);
  }
  return { data: out, height, width };
}
