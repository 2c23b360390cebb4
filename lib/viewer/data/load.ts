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

export async function loadMask({ mask }: MaskDocument, clip: ClipDocument): Promise<LoadedMask> {
  const bytes = await unpackBytes(mask);
  const outlines = new OutlineCache(bytes, clip.height, clip.width);
  return { bytes, histogram: new Histogram(bytes, clip.frames), outlines };
}

/** A method with its decoded mask. */
export interface LoadedMethod extends ComparedDocument {
  loaded: LoadedMask;
}
