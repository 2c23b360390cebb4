import type { ClipDocument, ComparedDocument, MaskDocument } from '../../report/page/document';
import { OutlineCache } from '../draw/outlineCache';
import { Histogram } from './histogram';
import { unpackBytes, unpackFrames } from './unpack';

/** A decoded clip, ready to draw. */
export interface LoadedClip extends Pick<ClipDocument, 'frames' | 'height' | 'width' | 'fps' | 'indices'> {
  pictures: ImageBitmap[];
  /** T×H×W, 1 inside a box. */
  boxes: Uint8Array | null;
  boxOutlines: OutlineCache | null;
  annotated: boolean[];
}

/** A decoded mask, ready to draw and measure. */
export interface LoadedMask {
  /** The frames as the model saw them under the mask; null where they were not kept. */
  perturbed: ImageBitmap[] | null;
  /** T×H×W bytes, 255 for a mask of 1. */
  bytes: Uint8Array;
  histogram: Histogram;
  outlines: OutlineCache;
}

export async function loadClip(clip: ClipDocument): Promise<LoadedClip> {
  const { frames, height, width, fps, indices } = clip;
  const [pictures, boxes] = await Promise.all([
    unpackFrames(clip.pictures, clip),
    clip.boxes ? unpackBytes(clip.boxes) : null,
  ]);
  const boxOutlines = boxes && new OutlineCache(boxes, height, width);
  const annotated = clip.annotated ?? [];
  return { frames, height, width, fps, indices, pictures, boxes, boxOutlines, annotated };
}

export async function loadMask(
  { mask, perturbed }: Pick<MaskDocument, 'mask' | 'perturbed'>,
  clip: ClipDocument,
): Promise<LoadedMask> {
  const [bytes, pictures] = await Promise.all([
    unpackBytes(mask),
    perturbed ? unpackFrames(perturbed, clip) : null,
  ]);
  return maskOfBytes(bytes, clip, pictures);
}

/** A mask of T×H×W bytes, ready to draw. */
export function maskOfBytes(
  bytes: Uint8Array,
  { frames, height, width }: Pick<ClipDocument, 'frames' | 'height' | 'width'>,
  perturbed: ImageBitmap[] | null,
): LoadedMask {
  const outlines = new OutlineCache(bytes, height, width);
  return { perturbed, bytes, histogram: new Histogram(bytes, frames), outlines };
}

/** A method with its decoded mask. */
export interface LoadedMethod extends ComparedDocument {
  loaded: LoadedMask;
}
