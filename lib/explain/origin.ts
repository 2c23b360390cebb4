import type { Clip } from '../clip/types';
import { FepError } from '../errors/fepError';
import { sha256OfArray } from '../files/sha256';
import type { VideoModel } from '../model/videoModel';
import type { Explanation, ExplanationOrigin } from './types';

/** Hashes of clips' data: several methods explain one clip, and hashing takes as long as a small model's gradient. */
const hashes = new WeakMap<Float32Array, string>();

/** What an explanation is of. */
export function originOf(model: VideoModel, { data }: Clip): ExplanationOrigin {
  const clip = hashes.get(data) ?? sha256OfArray(data);
  hashes.set(data, clip);
  return { model: model.path, clip };
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
