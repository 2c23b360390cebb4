import type { Clip } from '../clip/types';
import type { BoxMask } from '../datasets/types';
import type { VideoModel } from '../model/videoModel';
import type { ExplanationDocument } from '../report/page/document';
import { explanationDocument } from '../report/page/explanationDocument';
import { reportInput } from './reportInput';
import type { Explanation } from './types';

/**
 * An explanation as `fep-native/viewer` shows it: plain JSON, the clip's frames and the mask inside.
 *
 * @param options which of the explanation's masks, default the first; boxes to be drawn over the clip
 * @throws FepError `FEP_SHAPE` when clip and explanation do not belong together
 */
export function viewerDocument(
  explanation: Explanation,
  clip: Clip,
  model: VideoModel,
  { index = 0, boxes = null }: { index?: number; boxes?: BoxMask | null } = {},
): Promise<ExplanationDocument> {
  return explanationDocument({ ...reportInput(explanation.masks[index]!, explanation, clip, model), boxes });
}
