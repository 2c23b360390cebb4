import { type ColormapName, colormap } from '../../report/colormap';
import { byteOf } from '../data/histogram';
import type { LookName } from '../state/look';

/** The display settings that determine a pixel's colour. */
export interface PixelLook {
  name: LookName;
  opacity: number;
  colormap: ColormapName;
  threshold: number;
  cut: boolean;
}

/** Brightness of a frame where the mask is 0. */
const DIMMED = 0.12;

const tables = new Map<string, Uint8ClampedArray>();

/** The RGBA overlay for each of the 256 mask values. */
export function colourTable({ name, opacity, colormap: map, threshold, cut }: PixelLook): Uint8ClampedArray {
  const key = [name, opacity, map, cut ? threshold : ''].join();
  const known = tables.get(key);
  if (known) return known;
  if (tables.size > 64) tables.clear();
  const colours = colormap(map);
  const table = new Uint8ClampedArray(256 * 4);
  for (let value = 0; value < 256; value++) {
    const shown = cut ? (value >= byteOf(threshold) ? value : 0) : value;
    const strength = name === 'faded' && cut ? (shown > 0 ? 1 : 0) : shown / 255;
    const colour = name === 'faded' ? [0, 0, 0] : colours.subarray(shown * 3, shown * 3 + 3);
    const alpha = name === 'mask' ? 1 : name === 'faded' ? (1 - DIMMED) * (1 - strength) : opacity;
    table.set([colour[0]!, colour[1]!, colour[2]!, 255 * alpha], value * 4);
  }
  tables.set(key, table);
  return table;
}

/** Colours the mask of one frame, H×W bytes, into a picture of the same size. */
export function paintMask(target: ImageData, mask: Uint8Array, table: Uint8ClampedArray): void {
  const words = new Uint32Array(table.buffer);
  const pixels = new Uint32Array(target.data.buffer);
  for (let i = 0; i < mask.length; i++) pixels[i] = words[mask[i]!]!;
}
