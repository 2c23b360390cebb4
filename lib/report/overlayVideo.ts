import type { Clip } from '../clip/types';
import type { Picture } from '../frames/picture';
import { writeVideo } from '../video/writeVideo';
import { Canvas, type Rgb } from './canvas';
import { checkReportInput } from './check';
import { colormap } from './colormap';
import { outlineBoxes } from './frameWithBoxes';
import { percent } from './numbers';
import { maskedPicture, overlay, scaledFrame } from './overlay';
import { colourBar, write } from './paint';
import { scaleNote } from './scaleNote';
import { renderText } from './text';
import type { ReportInput } from './types';

const BACKGROUND: Rgb = [18, 20, 24];
const INK: Rgb = [236, 238, 242];
const QUIET: Rgb = [166, 172, 184];
const GAP = 10;
const HEADING = 38;
const FOOTER = 40;
const PANELS = ['original', 'mask', 'what the model saw'];

/**
 * Frames of the overlay video, enlarged, with three panels side by side: the clip, the clip overlaid with its mask's
 * colours (inferno, 0 to 1, not rescaled), and what the model saw under the mask. Known boxes are drawn in orange.
 *
 * @returns T×H×W×3 and its height and width
 */
export async function overlayFrames(
  input: ReportInput,
): Promise<{ data: Uint8Array; height: number; width: number }> {
  checkReportInput(input);
  const { clip } = input;
  const scale = enlargement(clip);
  const [cellHeight, cellWidth] = [clip.height * scale, clip.width * scale];
  const height = even(HEADING + cellHeight + FOOTER);
  const width = even(PANELS.length * (cellWidth + GAP) + GAP);
  const stage = await emptyStage(height, width, cellWidth, input);
  const data = new Uint8Array(clip.frames * height * width * 3);
  for (let t = 0; t < clip.frames; t++) {
    const frame = maskedPicture(input, t, scale);
    const panels: Picture[] = [frame, overlay(frame), scaledFrame(input.perturbed, clip, t, scale)];
    panels.forEach((panel, i) => {
      const picture = outlineBoxes(panel, { ...clip, boxes: input.boxes ?? null }, t);
      stage.paint(picture, GAP + i * (cellWidth + GAP), HEADING);
    });
    data.set(stage.data, t * stage.data.length);
  }
  return { data, height, width };
}

/** Writes `overlayFrames` to each path; the extension, `.mp4`, `.gif` or `.webp`, selects the format. */
export async function writeOverlayVideos(paths: readonly string[], input: ReportInput): Promise<void> {
  const { data, height, width } = await overlayFrames(input);
  const fps = input.fps ?? showingRate(input.clip);
  for (const path of paths) await writeVideo(path, data, { height, width, fps, crf: 20 });
}

/**
 * The frame rate at which the sampled frames last as long as the part of the source that they come from, clamped to 4
 * to 12 frames per second: a slower clip stutters, a faster one is over too soon.
 */
export function showingRate({ fps, indices }: Clip): number {
  const span = (indices.at(-1) ?? 0) - (indices[0] ?? 0);
  const rate = span > 0 ? (fps * (indices.length - 1)) / span : fps;
  return Math.min(Math.max(Math.round(rate * 10) / 10, 4), 12);
}

/** The integer factor that scales the longer side to about 340 pixels. */
function enlargement({ height, width }: Clip): number {
  return Math.min(Math.max(Math.round(340 / Math.max(height, width)), 1), 8);
}

/** The static parts: panel names above, the colour scale and the probabilities below. */
async function emptyStage(
  height: number,
  width: number,
  cellWidth: number,
  input: ReportInput,
): Promise<Canvas> {
  const { method, target, probability, boxes, deletes } = input;
  const stage = new Canvas(height, width, BACKGROUND);
  for (const [i, panel] of PANELS.entries()) {
    const text = `${panel}${[boxes ? ' · boxes in orange' : '', ` · ${method}`][i] ?? ''}`;
    const sprite = await renderText(text, { size: 16, colour: INK, bold: i === 1, maxWidth: cellWidth });
    const top = Math.round((HEADING - sprite.height) / 2);
    stage.blend(sprite, GAP + i * (cellWidth + GAP), top);
  }
  const style = { size: 14, colour: QUIET, maxWidth: cellWidth };
  const top = height - FOOTER + 9;
  const bar = colourBar(colormap('inferno'), Math.min(110, cellWidth), 10);
  const [second, third] = [2 * GAP + cellWidth, 3 * GAP + 2 * cellWidth];
  stage.paint(bar, GAP, top + 6);
  const room = second + cellWidth - bar.width - 2 * GAP;
  await write(stage, 2 * GAP + bar.width, top, scaleNote(input), { ...style, maxWidth: room });
  const seen = deletes ? probability.deleted! : probability.explained;
  const numbers = `${target}: ${percent(probability.original)} → ${percent(seen)}`;
  await write(stage, third, top, numbers, { ...style, colour: INK });
  return stage;
}

function even(side: number): number {
  return side + (side % 2);
}
