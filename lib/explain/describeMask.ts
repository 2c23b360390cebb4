import { realisedArea, realisedAreaAtHalf } from '../metrics/realisedArea';
import type { VideoModel } from '../model/videoModel';
import type { MaskExplanation } from './types';

/** A mask, the class that it explains, what the model saw under it, and the probabilities Φ(X) and Φ(M ⊗ X). */
export interface MaskToDescribe extends Pick<MaskExplanation, 'mask' | 'perturbed' | 'probabilities'> {
  target: number;
  /** Φ((1 − M) ⊗ X), where the mask was to delete. */
  deleted?: Float32Array;
}

/** What every explanation says of a mask: how much of the frame it keeps, what the model saw, and what it made of that. */
export function describeMask(
  model: VideoModel,
  { mask, perturbed, target, probabilities, deleted }: MaskToDescribe,
) {
  const { original, explained } = probabilities;
  return {
    mask,
    perturbed,
    realisedArea: realisedArea(mask),
    realisedAreaAtHalf: realisedAreaAtHalf(mask),
    probability: {
      original: original[target]!,
      explained: explained[target]!,
      ...(deleted && { deleted: deleted[target]! }),
    },
    probabilities,
    predicted: model.best(explained),
  };
}
