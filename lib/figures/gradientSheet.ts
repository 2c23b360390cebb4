import { scalePlane } from '../clip/resize';
import type { Picture } from '../frames/picture';
import { Canvas } from '../report/canvas';
import { divergingColormap } from '../report/divergingColormap';
import { type BoxedClip, frameWithBoxes, outlineBoxes } from '../report/frameWithBoxes';
import { percent, significant } from '../report/numbers';
import { colourBar, GAP, INK, MARGIN, PAPER, QUIET, write } from '../report/paint';
import type { Shape3 } from './dct';
import type { GradientMap, GradientMaps } from './gradientMaps';

export interface GradientSheetInput {
  clip: BoxedClip;
  gradients: GradientMaps;
  /** Frames to show. */
  frames: readonly number[];
  /** Pixels between the grid points of the gradients; null if the gradients are per pixel. */
  step: number | null;
  title: string;
  subtitle: string;
}

const HEADER = 66;
const FOOTER = 62;
const LABEL = 268;
/** Longer side of a frame, pixels. */
const CELL = 168;
/** Quantile of |value| above which values are clipped, so that a few outliers do not leave the rest pale. */
const CLIPPED_ABOVE = 0.995;

interface Layout {
  height: number;
  width: number;
}

/**
 * Fig. 2: consecutive frames, below them the gradient maps on a common scale, all with boxes.
 */
export async function drawGradientSheet(input: GradientSheetInput): Promise<Canvas> {
  const { clip, gradients, frames, title, subtitle } = input;
  const scale = CELL / Math.max(clip.height, clip.width);
  const cell = { height: Math.round(clip.height * scale), width: Math.round(clip.width * scale) };
  const rows = 1 + gradients.maps.length;
  const canvas = new Canvas(
    MARGIN + HEADER + rows * (cell.height + GAP) + FOOTER + MARGIN,
    MARGIN + Math.max(frames.length * (cell.width + GAP), 5 * (CELL + GAP)) + LABEL + MARGIN,
    PAPER,
  );
  const maxWidth = canvas.width - 2 * MARGIN;
  await write(canvas, MARGIN, MARGIN - 8, title, { size: 26, colour: INK, bold: true, maxWidth });
  await write(canvas, MARGIN, MARGIN + 28, subtitle, { size: 15, colour: QUIET, maxWidth });
  const limit = commonLimit(input);
  paintCells(canvas, cell, input, limit);
  await writeLabels(canvas, cell, input);
  await writeLegend(canvas, rowTop(cell, rows) + 18, limit);
  return canvas;
}

function rowTop({ height }: Layout, row: number): number {
  return MARGIN + HEADER + row * (height + GAP);
}

function paintCells(canvas: Canvas, cell: Layout, input: GradientSheetInput, limit: number): void {
  const { clip, gradients, frames, step } = input;
  for (const [column, t] of frames.entries()) {
    const left = MARGIN + column * (cell.width + GAP);
    canvas.paint(frameWithBoxes(clip, t, cell.height, cell.width), left, rowTop(cell, 0));
    for (const [row, { values }] of gradients.maps.entries()) {
      const plane = frameOf(values, gradients.shape, t);
      const whole = step === null ? plane : onPixels(plane, gradients.shape, clip, step);
      const map = paintMap(
        scalePlane(whole, clip.height, clip.width, 1, cell.height, cell.width),
        cell,
        limit,
      );
      canvas.paint(outlineBoxes(map, clip, t), left, rowTop(cell, row + 1));
    }
  }
}

function frameOf(values: Float32Array, [, height, width]: Shape3, t: number): Float32Array {
  return values.subarray(t * height * width, (t + 1) * height * width);
}

/** Interpolates the grid bilinearly to the frame's pixels; point (i, j) lies on pixel (step·i, step·j). */
function onPixels(grid: Float32Array, [, rows, columns]: Shape3, clip: Layout, step: number): Float32Array {
  const pixels = new Float32Array(clip.height * clip.width);
  for (let y = 0; y < clip.height; y++)
    for (let x = 0; x < clip.width; x++) {
      const [i, j] = [Math.min(y / step, rows - 1), Math.min(x / step, columns - 1)];
      const [i0, j0] = [Math.floor(i), Math.floor(j)];
      const [i1, j1] = [Math.min(i0 + 1, rows - 1), Math.min(j0 + 1, columns - 1)];
      const at = (row: number, from: number) => grid[row * columns + from]!;
      const upper = at(i0, j0) + (j - j0) * (at(i0, j1) - at(i0, j0));
      const lower = at(i1, j0) + (j - j0) * (at(i1, j1) - at(i1, j0));
      pixels[y * clip.width + x] = upper + (i - i0) * (lower - upper);
    }
  return pixels;
}

/** The limit of the common scale, from the shown values of all maps. */
function commonLimit({ gradients, frames }: GradientSheetInput): number {
  const { maps, shape } = gradients;
  const shown = maps.flatMap(({ values }) => frames.flatMap((t) => [...frameOf(values, shape, t)]));
  const sizes = Float64Array.from(shown, Math.abs).sort();
  return sizes[Math.floor(CLIPPED_ABOVE * (sizes.length - 1))] || 1;
}

function paintMap(values: Float32Array, { height, width }: Layout, limit: number): Picture {
  const colours = divergingColormap();
  const data = new Uint8Array(3 * height * width);
  for (const [i, value] of values.entries()) {
    const place = Math.round((Math.min(Math.max(value / limit, -1), 1) + 1) * 127.5) * 3;
    data.set(colours.subarray(place, place + 3), 3 * i);
  }
  return { data, height, width };
}

async function writeLabels(canvas: Canvas, cell: Layout, { clip, gradients }: GradientSheetInput) {
  const left = canvas.width - MARGIN - LABEL + 18;
  const maxWidth = LABEL - 18;
  const middle = (row: number, height: number) =>
    rowTop(cell, row) + Math.max(0, Math.round((cell.height - height) / 2));
  await write(canvas, left, middle(0, 44), 'Frames', { size: 15, colour: QUIET, maxWidth });
  if (clip.boxes)
    await write(canvas, left, middle(0, 44) + 22, 'with their boxes', { size: 15, colour: QUIET, maxWidth });
  for (const [i, map] of gradients.maps.entries()) {
    const [title, figure, note] = labelOf(map);
    const top = middle(i + 1, 92);
    await write(canvas, left, top, title, { size: 15, colour: QUIET, maxWidth });
    await write(canvas, left, top + 22, figure, { size: 28, colour: INK, bold: true, maxWidth });
    await write(canvas, left, top + 62, note, { size: 14, colour: QUIET, maxWidth });
  }
}

function labelOf({ method, stage, frameCorrelation }: GradientMap): [string, string, string] {
  const figure = frameCorrelation === null ? '–' : signed(frameCorrelation.toFixed(2));
  return [`${method} · ${stage}`, figure, 'correlation of neighbouring frames'];
}

/** Replaces the hyphen by a minus sign. */
function signed(number: string): string {
  return number.replace('-', '−');
}

async function writeLegend(canvas: Canvas, top: number, limit: number): Promise<void> {
  const style = { size: 14, colour: QUIET };
  const bar = colourBar(divergingColormap(), 200, 12);
  const value = significant(limit);
  let left = MARGIN + (await write(canvas, MARGIN, top, `−${value}`, style)) + 10;
  canvas.paint(bar, left, top + 4);
  left += bar.width + 10;
  left += (await write(canvas, left, top, `+${value}`, style)) + 18;
  const maxWidth = canvas.width - left - MARGIN;
  const meaning = 'red: the update raises the mask there, blue: it lowers it';
  await write(canvas, left, top, meaning, { ...style, maxWidth });
  const scale = `one scale for all maps; the largest ${percent(1 - CLIPPED_ABOVE)} of the values are clipped`;
  await write(canvas, left, top + 22, scale, { ...style, maxWidth });
}
