import type { Clip } from '../clip/types';
import type { BoxMask } from '../datasets/types';
import { Canvas } from '../report/canvas';
import { colormap } from '../report/colormap';
import { frameWithBoxes, outlineBoxes } from '../report/frameWithBoxes';
import { percent } from '../report/numbers';
import { maskedPicture, overlay } from '../report/overlay';
import { colourBar, GAP, INK, MARGIN, PAPER, QUIET, write } from '../report/paint';
import type { Tradeoff, TradeoffPoint } from './tradeoff';

export interface TradeoffSheetInput {
  clip: Clip;
  boxes: BoxMask | null;
  tradeoff: Tradeoff;
  title: string;
  subtitle: string;
}

const HEADER = 66;
const FOOTER = 30;
/** Longer side of a frame, pixels. */
const CELL = 132;
/** Frames per method, and methods per row. */
const FRAMES = 4;
const COLUMNS = 2;
const CAPTION = 74;
const BETWEEN = 26;

/**
 * The pictures of Fig. 3: the clip, and the clip overlaid with each method's mask, captioned with the predicted class.
 */
export async function drawTradeoffSheet(input: TradeoffSheetInput): Promise<Canvas> {
  const { clip, tradeoff, title, subtitle } = input;
  const scale = CELL / Math.max(clip.height, clip.width);
  const cell = { height: Math.round(clip.height * scale), width: Math.round(clip.width * scale), scale };
  const block = { height: cell.height + CAPTION, width: FRAMES * (cell.width + GAP) - GAP };
  const rows = Math.ceil((1 + tradeoff.points.length) / COLUMNS);
  const canvas = new Canvas(
    MARGIN + HEADER + rows * block.height + FOOTER + MARGIN,
    2 * MARGIN + Math.max(COLUMNS * (block.width + BETWEEN) - BETWEEN, 720),
    PAPER,
  );
  const maxWidth = canvas.width - 2 * MARGIN;
  await write(canvas, MARGIN, MARGIN - 8, title, { size: 26, colour: INK, bold: true, maxWidth });
  await write(canvas, MARGIN, MARGIN + 28, subtitle, { size: 15, colour: QUIET, maxWidth });
  for (const [i, point] of [null, ...tradeoff.points].entries()) {
    const left = MARGIN + (i % COLUMNS) * (block.width + BETWEEN);
    const top = MARGIN + HEADER + Math.floor(i / COLUMNS) * block.height;
    paintStrip(canvas, left, top, cell, point, input);
    await writeCaption(canvas, left, top + cell.height + 4, block.width, point, tradeoff);
  }
  await writeLegend(canvas, MARGIN + HEADER + rows * block.height + 4);
  return canvas;
}

function paintStrip(
  canvas: Canvas,
  left: number,
  top: number,
  cell: { height: number; width: number; scale: number },
  point: TradeoffPoint | null,
  { clip, boxes }: TradeoffSheetInput,
): void {
  const frames = Math.min(FRAMES, clip.frames);
  for (let column = 0; column < frames; column++) {
    const t = Math.floor(((2 * column + 1) * clip.frames) / (2 * frames));
    const boxed = { ...clip, boxes };
    const picture = point
      ? outlineBoxes(overlay(maskedPicture({ clip, mask: point.mask }, t, cell.scale)), boxed, t)
      : frameWithBoxes(boxed, t, cell.height, cell.width);
    canvas.paint(picture, left + column * (cell.width + GAP), top);
  }
}

async function writeCaption(
  canvas: Canvas,
  left: number,
  top: number,
  maxWidth: number,
  point: TradeoffPoint | null,
  { target }: Tradeoff,
): Promise<void> {
  const recall = point?.consistency?.recall;
  const [title, line] = point
    ? [
        `${point.name} · ${point.predicted.name} ${percent(point.predicted.probability)}`,
        [
          ...(point.predicted.index === target.index ? [] : [`${target.name} ${percent(point.probability)}`]),
          `keeps ${percent(point.realisedArea)}`,
          ...(recall == null ? [] : [`recall ${percent(recall)} at 10 %`]),
        ].join(' · '),
      ]
    : [`Clip · ${target.name} ${percent(target.probability)}`, 'the model on the whole clip'];
  await write(canvas, left, top, title, { size: 17, colour: INK, bold: true, maxWidth });
  await write(canvas, left, top + 26, line, { size: 14, colour: QUIET, maxWidth });
}

async function writeLegend(canvas: Canvas, top: number): Promise<void> {
  const bar = colourBar(colormap('inferno'), 150, 12);
  canvas.paint(bar, MARGIN, top + 4);
  const left = MARGIN + bar.width + 10;
  const note = 'mask 0 to 1, not rescaled · F-EP r_l/r_h · the class that the model sees through the mask';
  const maxWidth = canvas.width - left - MARGIN;
  await write(canvas, left, top, note, { size: 14, colour: QUIET, maxWidth });
}
