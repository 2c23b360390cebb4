import type { LoadedClip } from '../data/load';
import { paintMask } from './maskPixels';

/** A frame that is painted with a brush. */
export interface BrushScene {
  frame: number;
  /** H×W, 255 where the mask keeps. */
  mask: Uint8Array;
  /** Where the brush is, and how large, in the frame's pixels; null where it is not to be seen. */
  brush: { x: number; y: number; radius: number } | null;
}

/** How dark a frame is where nothing is kept: light enough to see what could be. */
const VEIL = 0.68;
/** Black of every mask value's opacity, RGBA. */
const FADED = Uint8ClampedArray.from({ length: 4 * 256 }, (_, i) =>
  i % 4 === 3 ? VEIL * (255 - (i >> 2)) : 0,
);

const RING = [
  { style: 'rgba(0, 0, 0, 0.7)', width: 4 },
  { style: '#ffffff', width: 1.6 },
];

/** Paints a frame, dark where the mask takes away, and the brush as a ring. */
export function paintBrush(canvas: HTMLCanvasElement, clip: LoadedClip, scene: BrushScene): void {
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) return;
  context.imageSmoothingQuality = 'high';
  context.drawImage(clip.pictures[scene.frame]!, 0, 0, canvas.width, canvas.height);
  context.drawImage(veil(scene.mask, clip), 0, 0, canvas.width, canvas.height);
  if (scene.brush) ring(context, scene.brush, canvas.width / clip.width);
}

const veils = document.createElement('canvas');

/** What the mask takes away, in black, at the frame's own size. */
function veil(mask: Uint8Array, { height, width }: LoadedClip): HTMLCanvasElement {
  veils.height = height;
  veils.width = width;
  const context = veils.getContext('2d')!;
  const image = context.createImageData(width, height);
  paintMask(image, mask, FADED);
  context.putImageData(image, 0, 0);
  return veils;
}

function ring(
  context: CanvasRenderingContext2D,
  { x, y, radius }: NonNullable<BrushScene['brush']>,
  scale: number,
): void {
  context.beginPath();
  context.arc(x * scale, y * scale, radius * scale, 0, 2 * Math.PI);
  for (const { style, width } of RING) {
    context.strokeStyle = style;
    context.lineWidth = width;
    context.stroke();
  }
}
