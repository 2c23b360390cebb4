import type { Clip } from '../clip/types';
import { sha256OfArray, sha256OfText } from '../files/sha256';
import { savedViews } from '../model/averageViews';
import type { VideoModel } from '../model/videoModel';
import type { Explanation } from './types';

/** Hashes of what goes into a result and of what came out; the model file's own is beside its name. */
export interface ResultHashes {
  /** Of everything that decides how it is computed: configuration, device, precision, threads, form. */
  config: string;
  /** Of the clip's numbers as the model saw them. */
  data: string;
  /** Of the mask's numbers. */
  mask: string;
}

export function hashesOf(
  mask: Float32Array,
  { config }: Explanation,
  clip: Clip,
  { device, precision, threads, form, views }: VideoModel,
): ResultHashes {
  return {
    config: sha256OfText(
      canonicalJson({ config, device, precision, threads, ...form, ...(views && savedViews(views)) }),
    ),
    data: sha256OfArray(clip.data),
    mask: sha256OfArray(mask),
  };
}

/** JSON whose keys are in order, so that equal values have equal texts. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
