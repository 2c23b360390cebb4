import type { Clip } from '../clip/types';
import { describeViews } from '../clip/views';
import type { BoxMask } from '../datasets/types';
import { selectFrames } from '../frames/sampling';
import { Canvas } from '../report/canvas';
import { colormap } from '../report/colormap';
import { frameWithBoxes, outlineBoxes } from '../report/frameWithBoxes';
import { percent } from '../report/numbers';
import { maskedPicture, overlay } from '../report/overlay';
import { colourBar, GAP, INK, MARGIN, PAPER, QUIET, write, writePng } from '../report/paint';
import type { ComparedMethod, Comparison } from './types';

const HEADER = 66;
const FOOTER = 62;
const LABEL = 260;
const LABEL_HEIGHT = 104;
const MAX_COLUMNS = 8;
/** Longer side of a frame, pixels. */
const CELL = 128;
/** Between the frames and the first method. */
const BREAK = 8;

interface Layout {
  cellHeight: number;
  /** From one row to the next: a flat frame is lower than its label. */
  rowHeight: number;
  cellWidth: number;
  scale: number;
  /** Which frames of the clip are shown. */
  shown: number[];
  height: number;
  width: number;
  labelLeft: number;
}

/** The paper's Fig. 6: frames on top, a row for each method, at the right what the model makes of what it keeps. */
export async function drawComparisonSheet(
  comparison: Comparison,
  clip: Clip,
  boxes: BoxMask | null,
  model: string,
): Promise<Canvas> {
  const layout = layoutOf(clip, comparison.methods.length);
  const canvas = new Canvas(layout.height, layout.width, PAPER);
  await writeHeader(canvas, comparison, model);
  paintClip(canvas, layout, clip, boxes);
  await writeClipLabel(canvas, layout, comparison);
  for (const [row, method] of comparison.methods.entries()) {
    paintMethod(canvas, layout, { clip, boxes, mask: method.explanation.mask }, row);
    await writeMethodLabel(canvas, layout, method, row);
  }
  await writeFooter(canvas, layout, clip, boxes !== null);
  return canvas;
}

/** Writes the sheet as PNG. @throws FepError `FEP_IO` */
export async function writeComparisonSheet(
  path: string,
  ...subject: Parameters<typeof drawComparisonSheet>
): Promise<void> {
  await writePng(path, await drawComparisonSheet(...subject));
}

function layoutOf(clip: Clip, methods: number): Layout {
  const columns = Math.min(clip.frames, MAX_COLUMNS);
  const scale = CELL / Math.max(clip.height, clip.width);
  const [cellHeight, cellWidth] = [Math.round(clip.height * scale), Math.round(clip.width * scale)];
  const shown = selectFrames(clip.frames, { sampling: { type: 'uniform' }, frames: columns });
  const labelLeft = MARGIN + Math.max(columns * (cellWidth + GAP), 420) + 16;
  const rowHeight = Math.max(cellHeight, LABEL_HEIGHT) + GAP;
  const height = 2 * MARGIN + HEADER + (methods + 1) * rowHeight + BREAK + FOOTER;
  return {
    cellHeight,
    rowHeight,
    cellWidth,
    scale,
    shown,
    height,
    width: labelLeft + LABEL + MARGIN,
    labelLeft,
  };
}

/** Of the clip, −1, or of a method. */
function rowTop({ rowHeight }: Layout, row: number): number {
  return MARGIN + HEADER + (row + 1) * rowHeight + (row >= 0 ? BREAK : 0);
}

function columnLeft({ cellWidth }: Layout, column: number): number {
  return MARGIN + column * (cellWidth + GAP);
}

function paintClip(canvas: Canvas, layout: Layout, clip: Clip, boxes: BoxMask | null): void {
  const { cellHeight, cellWidth, shown } = layout;
  for (const [column, t] of shown.entries()) {
    const picture = frameWithBoxes({ ...clip, boxes }, t, cellHeight, cellWidth);
    canvas.paint(picture, columnLeft(layout, column), rowTop(layout, -1));
  }
}

function paintMethod(
  canvas: Canvas,
  layout: Layout,
  { clip, boxes, mask }: { clip: Clip; boxes: BoxMask | null; mask: Float32Array },
  row: number,
): void {
  for (const [column, t] of layout.shown.entries()) {
    const coloured = overlay(maskedPicture({ clip, mask }, t, layout.scale));
    const picture = outlineBoxes(coloured, { ...clip, boxes }, t);
    canvas.paint(picture, columnLeft(layout, column), rowTop(layout, row));
  }
}

async function writeHeader(
  canvas: Canvas,
  { target, methods, views }: Comparison,
  model: string,
): Promise<void> {
  const maxWidth = canvas.width - 2 * MARGIN;
  await write(canvas, MARGIN, MARGIN - 8, target.name, { size: 26, colour: INK, bold: true, maxWidth });
  const line = `What ${model} looks at, by ${methods.length} methods${views ? ` (${describeViews(views)})` : ''}`;
  await write(canvas, MARGIN, MARGIN + 28, line, { size: 15, colour: QUIET, maxWidth });
}

async function writeClipLabel(canvas: Canvas, layout: Layout, { target, label }: Comparison): Promise<void> {
  const truth = label === null ? 'probability of the class' : `true class: ${label}`;
  await writeLabel(canvas, layout, -1, ['Clip', percent(target.probability), truth]);
}

async function writeMethodLabel(
  canvas: Canvas,
  layout: Layout,
  { label, explanation, scores }: ComparedMethod,
  row: number,
): Promise<void> {
  const { probability, predicted, realisedArea } = explanation;
  const stc = scores.stcRecallArea10 === null ? '' : `  ·  STC@10 ${percent(scores.stcRecallArea10)}`;
  await writeLabel(canvas, layout, row, [
    label,
    percent(probability.explained),
    `predicted: ${predicted.name}`,
    `area ${percent(realisedArea)}${stc}`,
  ]);
}

/** A title, a figure and notes, centred on their row. */
async function writeLabel(
  canvas: Canvas,
  layout: Layout,
  row: number,
  [title, figure, ...notes]: readonly [string, string, ...string[]],
): Promise<void> {
  const top = rowTop(layout, row) + Math.max(0, Math.round((layout.cellHeight - LABEL_HEIGHT) / 2));
  const left = layout.labelLeft;
  await write(canvas, left, top, title, { size: 17, colour: INK, bold: true, maxWidth: LABEL });
  await write(canvas, left, top + 24, figure, { size: 24, colour: INK, maxWidth: LABEL });
  for (const [i, note] of notes.entries()) {
    await write(canvas, left, top + 60 + 19 * i, note, { size: 13, colour: QUIET, maxWidth: LABEL });
  }
}

/** The colour scale, how masks are scaled, and which frames are shown. */
async function writeFooter(canvas: Canvas, layout: Layout, clip: Clip, hasBoxes: boolean): Promise<void> {
  const top = layout.height - MARGIN - FOOTER + 22;
  const bar = colourBar(colormap('inferno'), 150, 12);
  canvas.paint(bar, MARGIN, top + 4);
  const left = MARGIN + bar.width + 10;
  const style = { size: 14, colour: QUIET, maxWidth: layout.width - left - MARGIN };
  const frames = layout.shown.map((t) => clip.indices[t] ?? t).join(', ');
  const first =
    'mask 0 to 1: optimised masks as they are, saliency maps scaled over the clip, their 99.9th percentile to 1';
  const second = `probability: of the class on what each mask keeps  ·  frames ${frames} of ${clip.sourceFrames}`;
  await write(canvas, left, top, first, style);
  await write(canvas, left, top + 22, hasBoxes ? `${second}  ·  orange: boxes` : second, style);
}
