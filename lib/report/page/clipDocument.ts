import { basename } from 'node:path';
import type { Clip } from '../../clip/types';
import type { BoxMask } from '../../datasets/types';
import { showingRate } from '../overlayVideo';
import type { ClipDocument } from './document';
import { frameSprite, packBytes } from './pack';

/** A clip's frames, boxes and warnings as the viewer reads them. */
export async function clipDocument(
  clip: Clip,
  boxes: BoxMask | null = null,
  modelWarnings: readonly string[] = [],
): Promise<ClipDocument> {
  const { frames, height, width, indices, sourceFrames } = clip;
  const warnings = [...clip.warnings, ...modelWarnings];
  return {
    name: basename(clip.source),
    frames,
    height,
    width,
    indices,
    sourceFrames,
    warnings,
    fps: showingRate(clip),
    pictures: await frameSprite(clip.rgb, clip),
    ...(boxes && { boxes: packBytes(boxes.inside), annotated: boxes.annotated }),
  };
}
