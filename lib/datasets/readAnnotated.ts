import { isNormalizedArray } from '../clip/array';
import { type ReadClipOptions, readClip } from '../clip/readClip';
import type { ModelInput, Resize } from '../manifest/manifest';
import { type Annotation, boxesOfFrames, checkAgainstClip } from './annotation';
import { boxMask } from './boxMask';
import type { AnnotatedClip } from './types';

/**
 * Reads a clip as a model's input, and maps its boxes to the clip's pixels.
 *
 * @param id of the sample, for messages
 * @param annotation null if the clip is not annotated
 * @throws FepError as `readClip`; `FEP_DATASET` if the boxes do not fit the clip
 */
export async function readAnnotated(
  id: string,
  path: string,
  annotation: Annotation | null,
  input: ModelInput,
  options: ReadClipOptions,
): Promise<AnnotatedClip> {
  const clip = await readClip(path, input, options);
  if (!annotation) return { clip, boxes: null };
  const source = { height: clip.sourceHeight, width: clip.sourceWidth };
  const drawnOn = annotation.drawnOn?.(source) ?? source;
  const warning = checkAgainstClip(id, annotation, drawnOn, clip.sourceFrames);
  if (warning) clip.warnings.push(warning);
  const boxes = boxMask(boxesOfFrames(annotation, clip.indices), drawnOn, clip, await resizeOf(path, input));
  return { clip, boxes };
}

/** A normalised array is already the model's input and was not resized or cropped. */
async function resizeOf(path: string, { resize }: ModelInput): Promise<Resize> {
  return (await isNormalizedArray(path)) ? { mode: 'stretch' } : resize;
}
