import type { Clip } from '../clip/types';
import type { BoxMask } from '../datasets/types';
import type { MaskExplanation } from '../explain/types';
import { oracleMask } from '../metrics/oracleMask';
import { realisedArea, realisedAreaAtHalf } from '../metrics/realisedArea';
import type { VideoModel } from '../model/videoModel';

/** The boxes as if a method had found them: what a perfect localiser would get. */
export async function explainBoxes(
  model: VideoModel,
  clip: Clip,
  boxes: BoxMask,
  target: number,
  original: Float32Array,
  signal: AbortSignal | undefined,
): Promise<MaskExplanation> {
  const mask = oracleMask(boxes);
  const explained = await model.predictPerturbed(clip, mask, 1, 'blur', signal);
  return {
    ...{ area: null, mask, energy: [] },
    realisedArea: realisedArea(mask),
    realisedAreaAtHalf: realisedAreaAtHalf(mask),
    probability: { original: original[target]!, explained: explained[target]! },
    probabilities: { original, explained },
    predicted: model.best(explained),
  };
}
