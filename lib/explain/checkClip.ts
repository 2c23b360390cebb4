import type { Clip } from '../clip/types';
import { FepError } from '../errors/fepError';
import type { Manifest } from '../manifest/manifest';
import { requireFloats, requireObject, shown } from '../options/requireArguments';

/** @throws FepError `FEP_SHAPE` when a clip is not what a model takes, `FEP_USAGE` when it is no clip */
export function checkClip(clip: Clip, { input }: Manifest): void {
  requireObject(clip, 'clip');
  requireFloats(clip.data, 'clip.data');
  const { frames, height, width } = input;
  const fits =
    clip.frames === frames &&
    clip.height === height &&
    clip.width === width &&
    clip.data.length === 3 * frames * height * width;
  if (fits) return;
  throw new FepError(
    'FEP_SHAPE',
    `The clip is 3x${shown(clip.frames)}x${shown(clip.height)}x${shown(clip.width)} (${clip.data.length} numbers), the model takes 3x${frames}x${height}x${width}.`,
    { hint: 'Read the clip with readClip(path, model.manifest.input).' },
  );
}
