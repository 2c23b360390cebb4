import type { InspectedClip } from '../datasets/inspect';
import { selectFrames } from '../frames/sampling';
import { Canvas } from './canvas';
import { frameWithBoxes } from './frameWithBoxes';
import { percent } from './numbers';
import { GAP, INK, MARGIN, PAPER, QUIET, write, writePng } from './paint';

const ROW_GAP = 14;
const LABEL = 300;
const COLUMNS = 8;
/** Longer side of a frame, pixels. */
const CELL = 160;

/** A contact sheet of a data set: one row per clip, with eight of its frames and their boxes. */
export async function drawDatasetSheet(clips: readonly InspectedClip[]): Promise<Canvas> {
  const rows = clips.map(paintFrames);
  const width = 2 * MARGIN + Math.max(0, ...rows.map((row) => row.width)) + LABEL;
  const height = 2 * MARGIN - ROW_GAP + rows.reduce((sum, row) => sum + row.height + ROW_GAP, 0);
  const canvas = new Canvas(Math.max(height, 1), width, PAPER);
  let top = MARGIN;
  for (const [i, row] of rows.entries()) {
    canvas.paint(row, MARGIN, top);
    await writeLabel(canvas, clips[i]!, MARGIN + row.width + 18, top + Math.max(0, (row.height - 80) >> 1));
    top += row.height + ROW_GAP;
  }
  return canvas;
}

/** Writes the contact sheet as PNG. @throws FepError `FEP_IO` */
export async function writeDatasetSheet(path: string, clips: readonly InspectedClip[]): Promise<void> {
  await writePng(path, await drawDatasetSheet(clips));
}

function paintFrames(clip: InspectedClip): Canvas {
  const columns = Math.min(clip.frames, COLUMNS);
  const scale = CELL / Math.max(clip.height, clip.width);
  const [height, width] = [Math.round(clip.height * scale), Math.round(clip.width * scale)];
  const row = new Canvas(height, columns * (width + GAP) - GAP, PAPER);
  const shown = selectFrames(clip.frames, { sampling: { type: 'uniform' }, frames: columns });
  shown.forEach((t, column) => {
    row.paint(frameWithBoxes(clip, t, height, width), column * (width + GAP), 0);
  });
  return row;
}

async function writeLabel(canvas: Canvas, clip: InspectedClip, left: number, top: number): Promise<void> {
  const maxWidth = canvas.width - left - MARGIN;
  await write(canvas, left, top, clip.label, { size: 22, colour: INK, bold: true, maxWidth });
  await write(canvas, left, top + 32, clip.id, { size: 14, colour: QUIET, maxWidth });
  await write(canvas, left, top + 54, describeBoxes(clip), { size: 14, colour: QUIET, maxWidth });
}

function describeBoxes({ boxes, frames }: InspectedClip): string {
  if (!boxes) return 'no boxes';
  const annotated = boxes.annotated.filter(Boolean).length;
  if (annotated === 0) return `none of ${frames} frames annotated`;
  const inside = boxes.inside.reduce((sum, one) => sum + one, 0) / (boxes.inside.length / frames);
  return `${annotated} of ${frames} frames annotated, ${percent(inside / annotated)} inside`;
}
