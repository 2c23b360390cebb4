import sharp from 'sharp';
import { writeAtomically } from '../files/atomicFile';
import { Canvas, type Rgb } from './canvas';
import { renderText, type TextStyle } from './text';

/** Colours and spacings (pixels) shared by all sheets. */
export const PAPER: Rgb = [255, 255, 255];
export const INK: Rgb = [24, 26, 31];
export const QUIET: Rgb = [104, 110, 120];
export const MARGIN = 28;
export const GAP = 6;

/** Draws a line of text with its top left corner at (left, top). @returns its width */
export async function write(
  canvas: Canvas,
  left: number,
  top: number,
  text: string,
  style: TextStyle,
): Promise<number> {
  const sprite = await renderText(text, style);
  canvas.blend(sprite, left, top);
  return sprite.width;
}

/** A horizontal bar of a colour map's 256 colours. */
export function colourBar(colours: Uint8Array, width: number, height: number): Canvas {
  const bar = new Canvas(height, width, PAPER);
  for (let i = 0; i < width * height; i++) {
    const colour = Math.round(((i % width) / (width - 1)) * 255) * 3;
    bar.data.set(colours.subarray(colour, colour + 3), i * 3);
  }
  return bar;
}

/** Writes a sheet as PNG. @throws FepError `FEP_IO` */
export async function writePng(path: string, { data, height, width }: Canvas): Promise<void> {
  const image = sharp(data, { raw: { height, width, channels: 3 } }).png({ compressionLevel: 9 });
  await writeAtomically(path, (temporary) => image.toFile(temporary));
}
