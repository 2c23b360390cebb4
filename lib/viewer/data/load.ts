import type { ClipDocument, MaskDocument } from '../../report/page/document';
import { Histogram } from './histogram';
import { unpackBytes, unpackFrames } from './unpack';

/** A clip that can be drawn. */
export interface LoadedClip extends Pick<ClipDocument, 'frames' | 'height' | 'width' | 'fps' | 'indices'> {
  pictures: ImageBitmap[];
  /** T×H×W, 1 inside a box. */
  boxes: Uint8Array | null;
  annotated: boolean[];
}

/** A mask that can be drawn and measured. */
export interface LoadedMask {
  /** T×H×W bytes, 255 for a mask of 1. */
  bytes: Uint8Array;
  histogram: Histogram;
}

export async function loadClip(clip: ClipDocument): Promise<LoadedClip> {
  const { frames, height, width, fps, indices } = clip;
  const [pictures, boxes] = await Promise.all([
    unpackFrames(clip.pictures, clip),
    clip.boxes ? unpackBytes(clip.boxes) : null,
  ]);
  return { frames, height, width, fps, indices, pictures, boxes, annotated: clip.annotated ?? [] };
}

export async function loadMask({ mask }: MaskDocument, { frames }: ClipDocument): Promise<LoadedMask> {
  const bytes = await unpackBytes(mask);
  return { bytes, histogram: new Histogram(bytes, frames) };
}
