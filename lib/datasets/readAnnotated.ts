import { isNormalizedArray } from '../clip/isNormalizedArray';
import { type ReadClipOptions, readClip } from '../clip/readClip';
import type { ModelInput, Resize } from '../manifest/manifest';
import { type Annotation, boxesOfFrames, checkAgainstClip } from './annotation';
import { boxMask } from './boxMask';
import type { AnnotatedClip } from './types';

/**
 * Reads a clip as a model takes it, with its boxes brought to the clip's pixels.
 *
 * @param id the sample's, for messages
 * @param annotation null where nobody annotated the clip
 * @throws FepError as `readClip`; `FEP_DATASET` when boxes and clip do not belong together
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

/** A normalised array is the model's input already: nothing of it was scaled or cropped. */
async function resizeOf(path: string, { resize }: ModelInput): Promise<Resize> {
  return (await isNormalizedArray(path)) ? { mode: 'stretch' } : resize;
}
