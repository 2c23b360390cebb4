import { realisedArea, realisedAreaAtHalf } from '../metrics/realisedArea';
import type { VideoModel } from '../model/videoModel';
import type { MaskExplanation } from './types';

/** Probabilities of all classes: Φ(X) and Φ(M ⊗ X). */
type Probabilities = MaskExplanation['probabilities'];

/** A mask, how much of the frame it keeps, and what the model makes of that. target: the class that is explained. */
export function describeMask(
  model: VideoModel,
  mask: Float32Array,
  target: number,
  probabilities: Probabilities,
) {
  const { original, explained } = probabilities;
  return {
    mask,
    realisedArea: realisedArea(mask),
    realisedAreaAtHalf: realisedAreaAtHalf(mask),
    probability: { original: original[target]!, explained: explained[target]! },
    probabilities,
    predicted: model.best(explained),
  };
}
