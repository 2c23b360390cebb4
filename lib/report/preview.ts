import type { Clip } from '../clip/types';
import { spreadOver } from '../numbers/spread';
import { Canvas } from './canvas';
import { maskedPicture, overlay } from './overlay';
import { INK, MARGIN, PAPER, write, writePng } from './paint';

const HEADER = 30;
const CELL = 168;
const COLUMNS = 4;
const ROWS = 2;

/** A mask that is still being searched, on a clip. */
export interface PreviewInput {
  clip: Clip;
  /** T×H×W in [0, 1]. */
  mask: Float32Array;
  /** What is to be read above it. */
  title: string;
}

/** Writes eight frames with the mask's colours over them as PNG. */
export async function writePreview(path: string, { clip, mask, title }: PreviewInput): Promise<void> {
  const scale = CELL / Math.max(clip.height, clip.width);
  const [height, width] = [Math.round(clip.height * scale), Math.round(clip.width * scale)];
  const canvas = new Canvas(HEADER + ROWS * height + 2 * MARGIN, COLUMNS * width + 2 * MARGIN, PAPER);
  for (const [i, t] of spreadOver(clip.frames, COLUMNS * ROWS).entries()) {
    const [row, column] = [Math.floor(i / COLUMNS), i % COLUMNS];
    const picture = overlay(maskedPicture({ clip, mask }, t, scale));
    canvas.paint(picture, MARGIN + column * width, MARGIN + HEADER + row * height);
  }
  const style = { size: 15, colour: INK, maxWidth: canvas.width - 2 * MARGIN };
  await write(canvas, MARGIN, MARGIN - 4, title, style);
  await writePng(path, canvas);
}
