import type { AnnotatedClip } from '../datasets/types';
import { explainResolved } from '../explain/explain';
import type { Explanation, Watch } from '../explain/types';
import type { ExplainConfig } from '../methods/config';
import type { VideoModel } from '../model/videoModel';
import { explainBoxes } from './explainBoxes';
import type { ClassToExplain, PlannedExplanation } from './types';

/** What is explained by which configuration, and how to watch and stop the run. */
export interface ExplainPlannedOptions<Config extends ExplainConfig | null>
  extends ClassToExplain,
    Partial<Watch> {
  config: Config;
}

/**
 * Explains a clip with a settled configuration; without one the boxes are the explanation.
 *
 * @throws FepError as `explain`
 */
export function explainPlanned(
  model: VideoModel,
  clip: AnnotatedClip,
  options: ExplainPlannedOptions<ExplainConfig>,
): Promise<Explanation>;
export function explainPlanned(
  model: VideoModel,
  clip: AnnotatedClip,
  options: ExplainPlannedOptions<ExplainConfig | null>,
): Promise<PlannedExplanation>;
export function explainPlanned(
  model: VideoModel,
  clip: AnnotatedClip,
  { config, target, probabilities, onProgress, signal }: ExplainPlannedOptions<ExplainConfig | null>,
): Promise<PlannedExplanation> {
  if (config === null) return explainBoxes(model, clip, { target, probabilities, signal });
  const ofClass = target === undefined ? config : { ...config, target };
  return explainResolved(model, clip.clip, ofClass, { onProgress, signal });
}
