import { versions } from '../binding/versions';
import type { Clip } from '../clip/types';
import { isMaskConfig } from '../methods/config';
import { METHOD_LABELS } from '../methods/methods';
import type { VideoModel } from '../model/videoModel';
import type { ReportInput } from '../report/types';
import { topClasses } from './topClasses';
import type { Explanation, MaskExplanation } from './types';

/** What a report shows of one mask of an explanation. */
export function reportInput(
  model: VideoModel,
  clip: Clip,
  { config, target, predicted, timing, search }: Explanation,
  mask: MaskExplanation,
): ReportInput {
  return {
    clip,
    mask: mask.mask,
    perturbed: mask.perturbed,
    scaled: mask.area === null,
    method: METHOD_LABELS[config.method],
    model: model.manifest.name,
    modelWarnings: model.warnings,
    target: target.name,
    probability: mask.probability,
    predicted: { original: predicted, explained: mask.predicted },
    classes: topClasses(mask.probabilities, target.index, model),
    realisedArea: mask.realisedArea,
    realisedAreaAtHalf: mask.realisedAreaAtHalf,
    deletes: isMaskConfig(config) && config.variant === 'delete',
    energy: mask.energy,
    ...(search && { search }),
    config: { ...config, ...(mask.area !== null && { area: mask.area }), ...mask.details },
    versions: versions(),
    seconds: timing.seconds,
  };
}
