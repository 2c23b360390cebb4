import { spreadOver } from '../numbers/spread';
import { Canvas } from './canvas';
import { checkReportInput } from './check';
import { colormap } from './colormap';
import { outlineBoxes } from './frameWithBoxes';
import { percent } from './numbers';
import { maskedPicture, overlay, scaledFrame } from './overlay';
import { colourBar, GAP, INK, MARGIN, PAPER, QUIET, write, writePng } from './paint';
import { scaleNote } from './scaleNote';
import type { ReportInput } from './types';

const HEADER = 66;
const FOOTER = 52;
const LABEL = 250;
const MAX_COLUMNS = 8;
const CELL = 168;

interface Layout {
  cellHeight: number;
  cellWidth: number;
  scale: number;
  /** Indices of the clip's frames that are shown. */
  shown: number[];
  height: number;
  width: number;
}

/**
 * A contact sheet like the paper's Fig. 6: a row of frames, a row of frames overlaid with the mask's colours, and a row
 * of what the model saw under the mask, with the class and its probability to the right of each row.
 */
export async function drawSheet(input: ReportInput): Promise<Canvas> {
  checkReportInput(input);
  const layout = layoutOf(input);
  const canvas = new Canvas(layout.height, layout.width, PAPER);
  paintRows(canvas, layout, input);
  await writeHeader(canvas, input);
  await writeLabels(canvas, layout, input);
  await writeFooter(canvas, layout, input);
  return canvas;
}

/** Writes the contact sheet as PNG. */
export async function writeSheet(path: string, input: ReportInput): Promise<void> {
  await writePng(path, await drawSheet(input));
}

function layoutOf({ clip }: ReportInput): Layout {
  const columns = Math.min(clip.frames, MAX_COLUMNS);
  const scale = CELL / Math.max(clip.height, clip.width);
  const [cellHeight, cellWidth] = [Math.round(clip.height * scale), Math.round(clip.width * scale)];
  const shown = spreadOver(clip.frames, columns);
  const height = MARGIN + HEADER + 3 * (cellHeight + GAP) + FOOTER + MARGIN;
  const width = MARGIN + Math.max(columns * (cellWidth + GAP), 420) + LABEL + MARGIN;
  return { cellHeight, cellWidth, scale, shown, height, width };
}

function rowTop({ cellHeight }: Layout, row: number): number {
  return MARGIN + HEADER + row * (cellHeight + GAP);
}

function paintRows(canvas: Canvas, layout: Layout, input: ReportInput): void {
  layout.shown.forEach((t, column) => {
    const frame = maskedPicture(input, t, layout.scale);
    const seen = scaledFrame(input.perturbed, input.clip, t, layout.scale);
    [frame, overlay(frame), seen].forEach((rendered, row) => {
      const picture = outlineBoxes(rendered, { ...input.clip, boxes: input.boxes ?? null }, t);
      canvas.paint(picture, MARGIN + column * (layout.cellWidth + GAP), rowTop(layout, row));
    });
  });
}

async function writeHeader(canvas: Canvas, { method, target, model, views }: ReportInput): Promise<void> {
  const maxWidth = canvas.width - 2 * MARGIN;
  await write(canvas, MARGIN, MARGIN - 8, target, { size: 26, colour: INK, bold: true, maxWidth });
  const line = `What ${model} looks at, by ${method}${views ? ` (${views})` : ''}`;
  await write(canvas, MARGIN, MARGIN + 28, line, { size: 15, colour: QUIET, maxWidth });
}

async function writeLabels(canvas: Canvas, layout: Layout, input: ReportInput): Promise<void> {
  const { method, probability, predicted, realisedArea, realisedAreaAtHalf, deletes } = input;
  const area = `of the frames; ${percent(realisedAreaAtHalf)} at ½ or more`;
  const rows: [string, string, string][] = [
    ['Original', percent(probability.original), predictionOf(predicted?.original.name)],
    [`Mask · ${method}`, percent(realisedArea), area],
    deletes
      ? ['Without what it covers', percent(probability.deleted!), 'probability of the class']
      : ['What the model saw', percent(probability.explained), predictionOf(predicted?.explained.name)],
  ];
  const left = layout.width - MARGIN - LABEL + 18;
  const maxWidth = LABEL - 18;
  for (const [row, [title, figure, note]] of rows.entries()) {
    const top = rowTop(layout, row) + Math.max(0, Math.round((layout.cellHeight - 92) / 2));
    await write(canvas, left, top, title, { size: 15, colour: QUIET, maxWidth });
    await write(canvas, left, top + 22, figure, { size: 28, colour: INK, bold: true, maxWidth });
    await write(canvas, left, top + 62, note, { size: 14, colour: QUIET, maxWidth });
  }
}

function predictionOf(name: string | undefined): string {
  return name === undefined ? 'probability of the class' : `predicted: ${name}`;
}

/** Draws the colour scale and lists the frames that are shown. */
async function writeFooter(canvas: Canvas, layout: Layout, input: ReportInput): Promise<void> {
  const { clip } = input;
  const top = rowTop(layout, 3) + 18;
  const bar = colourBar(colormap('inferno'), 150, 12);
  canvas.paint(bar, MARGIN, top + 4);
  const style = { size: 14, colour: QUIET };
  const left = MARGIN + bar.width + 10;
  const frames = layout.shown.map((t) => clip.indices[t] ?? t).join(', ');
  const note = `${scaleNote(input)}  ·  frames ${frames} of ${clip.sourceFrames}${input.boxes ? '  ·  orange: boxes' : ''}`;
  await write(canvas, left, top, note, { ...style, maxWidth: layout.width - left - MARGIN });
}
