import type { Clip } from '../clip/types';
import type { BoxMask } from '../datasets/types';
import type { VideoModel } from '../model/videoModel';
import type { ExplanationDocument } from '../report/page/document';
import { explanationDocument } from '../report/page/explanationDocument';
import { requireOrigin } from './origin';
import { reportInput } from './reportInput';
import type { Explanation } from './types';

/**
 * An explanation as `fep-native/viewer` shows it: plain JSON, the clip's frames and the mask inside.
 *
 * @param options which of the explanation's masks, default the first; boxes to be drawn over the clip
 * @throws FepError `FEP_USAGE` for a clip or model that is not the explanation's
 */
export async function viewerDocument(
  model: VideoModel,
  clip: Clip,
  explanation: Explanation,
  { index = 0, boxes = null }: { index?: number; boxes?: BoxMask | null } = {},
): Promise<ExplanationDocument> {
  requireOrigin(model, clip, explanation);
  return explanationDocument({ ...reportInput(model, clip, explanation, explanation.masks[index]!), boxes });
}
