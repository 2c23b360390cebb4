import type { Clip } from '../clip/types';
import { FepError } from '../errors/fepError';
import { sha256OfArray } from '../files/sha256';
import type { VideoModel } from '../model/videoModel';
import type { Explanation, ExplanationOrigin } from './types';

/** What an explanation is of. */
export function originOf(model: VideoModel, clip: Clip): ExplanationOrigin {
  return { model: model.path, clip: sha256OfArray(clip.data) };
}

/**
 * Refuses a clip or a model that an explanation is not of: a report would show a mask over pictures that it does not
 * explain.
 *
 * @throws FepError `FEP_USAGE`
 */
export function requireOrigin(model: VideoModel, clip: Clip, { origin }: Explanation): void {
  const given = originOf(model, clip);
  for (const what of ['model', 'clip'] as const) {
    if (given[what] === origin[what]) continue;
    throw new FepError('FEP_USAGE', `The explanation is of another ${what} than the one that was given.`, {
      hint: `Give the ${what} that \`explain\` was called with.`,
    });
  }
}
