import { byteOf } from '../data/histogram';
import type { LoadedClip, LoadedMask } from '../data/load';
import { enlarged } from './enlarged';
import { colourTable, type PixelLook, paintMask } from './maskPixels';

/** Everything that determines a player's picture. */
export interface Scene extends PixelLook {
  frame: number;
  outline: boolean;
  boxes: boolean;
}

const BOX = '#ffb000';
const EDGE = '#ffffff';
/** Width of an outline, in CSS pixels. */
const LINE = 1.4;
const HALO = 'rgba(0, 0, 0, 0.65)';

/** A buffer of one frame's size in which masks are coloured before they are enlarged. */
let maskBuffer:
  | { canvas: HTMLCanvasElement; context: CanvasRenderingContext2D; image: ImageData }
  | undefined;

function maskBufferOf(height: number, width: number) {
  if (maskBuffer?.canvas.height === height && maskBuffer.canvas.width === width) return maskBuffer;
  const canvas = document.createElement('canvas');
  canvas.height = height;
  canvas.width = width;
  const context = canvas.getContext('2d')!;
  maskBuffer = { canvas, context, image: context.createImageData(width, height) };
  return maskBuffer;
}

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/**
 * Paints a frame, its mask as the scene's settings show it, and the outlines. Without a mask, only the frame and its
 * boxes.
 *
 * @param density canvas pixels per CSS pixel
 */
export function paintFrame(
  canvas: HTMLCanvasElement | OffscreenCanvas,
  clip: LoadedClip,
  mask: LoadedMask | null,
  scene: Scene,
  density: number,
): void {
  const context = canvas.getContext('2d', { alpha: false }) as Context | null;
  if (!context) return;
  const { height, width } = clip;
  const plane = height * width;
  context.imageSmoothingQuality = 'high';
  const perturbed = scene.name === 'perturbed' ? mask?.perturbed : null;
  const picture =
    perturbed?.[scene.frame] ?? enlarged(clip.pictures[scene.frame]!, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const values = mask?.bytes.subarray(scene.frame * plane, (scene.frame + 1) * plane);
  if (values && !perturbed) {
    const { canvas: small, context: inner, image } = maskBufferOf(height, width);
    paintMask(image, values, colourTable(scene));
    inner.putImageData(image, 0, 0);
    context.drawImage(small, 0, 0, canvas.width, canvas.height);
  }
  const scale = canvas.width / width;
  context.save();
  context.scale(scale, scale);
  const line = (LINE * density) / scale;
  if (scene.boxes && clip.boxOutlines && clip.annotated[scene.frame])
    stroke(context, clip.boxOutlines.at(scene.frame, 1), BOX, line);
  if (mask && scene.outline)
    stroke(context, mask.outlines.at(scene.frame, byteOf(scene.threshold)), EDGE, line);
  context.restore();
}

function stroke(context: Context, path: Path2D, colour: string, width: number): void {
  context.lineJoin = 'round';
  context.strokeStyle = HALO;
  context.lineWidth = 2.2 * width;
  context.stroke(path);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke(path);
}
