import type { Clip } from '../clip/types';
import { FepError } from '../errors/fepError';
import { hasViewsOf } from '../model/averageViews';
import type { VideoModel } from '../model/videoModel';
import { requireFloats, requireObject, shown } from '../options/requireArguments';

/**
 * @throws FepError `FEP_SHAPE` when a clip is not what a model takes, `FEP_USAGE` when it is no clip or its views are not the
 *   model's
 */
export function checkClip(clip: Clip, model: VideoModel): void {
  const { input } = model.manifest;
  requireObject(clip, 'clip');
  requireFloats(clip.data, 'clip.data');
  requireViews(clip, model);
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

function requireViews(clip: Clip, model: VideoModel): void {
  if (hasViewsOf(model, clip)) return;
  throw new FepError(
    'FEP_USAGE',
    clip.views
      ? 'The clip holds several views, and the model is not the one that averages over them.'
      : 'The model averages over the views of another clip than the one that was given.',
    { hint: 'Explain averageViews(model, clip), with the model that loadModel returned.' },
  );
}
