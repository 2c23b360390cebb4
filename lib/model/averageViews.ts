import { isDeepStrictEqual } from 'node:util';
import type { Clip } from '../clip/types';
import { type RecordedViews, VIEWS_AVERAGES, type ViewsAverage } from '../clip/views';
import { FepError } from '../errors/fepError';
import { requireObject, shown } from '../options/requireArguments';
import { checkMemory } from './checkMemory';
import { type AveragedViews, VideoModel } from './videoModel';

/** How answers to several views are averaged. */
export interface AverageViewsOptions {
  /**
   * `prob`, the default: probabilities, as PySlowFast and MMAction2 do it in tests; `logits`: what the model makes them of.
   */
  average?: ViewsAverage | undefined;
}

/**
 * A model as one of the clip's union of views: it looks at each view and answers with the average, so that methods and metrics
 * explain that. For a clip without views it is the model itself.
 *
 * It shares weights and thread with the model and ends with it. One view more costs as much as one clip more: time for a
 * pass of each, and in methods with gradients memory for all views at once.
 *
 * @param clip as `readClip` returns it for this model with `views`
 * @throws FepError `FEP_USAGE`, `FEP_DISPOSED`, `FEP_OUT_OF_MEMORY` for a clip that cannot fit
 */
export function averageViews(model: VideoModel, clip: Clip, options: AverageViewsOptions = {}): VideoModel {
  const average = checkCall(model, clip, options);
  const { views } = clip;
  if (!views) return model;
  const { frames, height, width } = clip;
  const input = { ...model.manifest.input, frames, height, width };
  checkViews(model, clip);
  checkMemory(input);
  const native = model.native.averageViews({ frames, height, width, views: views.windows, average });
  const { path, device, precision, threads, form } = model;
  const manifest = { ...model.manifest, input };
  return new VideoModel(native, manifest, path, device, precision, threads, form, {
    of: model,
    layout: views,
    average,
  });
}

/** Whether a clip's views are those that a model averages over. */
export function hasViewsOf(model: VideoModel, { views }: Clip): boolean {
  return isDeepStrictEqual(model.views?.layout, views);
}

/** What a result records of the views, enough to read the clip again. */
export function savedViews({ layout: { clips, crops }, average }: AveragedViews): { views: RecordedViews } {
  return { views: { clips, crops, average } };
}

function checkCall(model: unknown, clip: unknown, options: unknown): ViewsAverage {
  if (!(model instanceof VideoModel))
    throw new FepError('FEP_USAGE', 'model must be what loadModel returned.');
  requireObject(clip, 'clip');
  requireObject(options, 'options');
  const { average = 'prob' } = options as AverageViewsOptions;
  if (VIEWS_AVERAGES.includes(average)) return average;
  throw new FepError('FEP_USAGE', `average is ${shown(average)}; expected prob or logits.`);
}

function checkViews(model: VideoModel, { views }: Clip): void {
  if (model.views) {
    throw new FepError('FEP_USAGE', 'The model averages over the views of a clip already.', {
      hint: 'Give the model that loadModel returned.',
    });
  }
  const { height, width } = model.manifest.input;
  if (views?.height === height && views.width === width) return;
  throw new FepError(
    'FEP_SHAPE',
    `The clip's views are ${shown(views?.height)}x${shown(views?.width)}, the model takes ${height}x${width}.`,
    { hint: 'Read the clip with readClip(path, model.manifest.input, { views }).' },
  );
}
