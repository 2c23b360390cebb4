import { versions } from '../binding/versions';
import type { Clip } from '../clip/types';
import { describeViews } from '../clip/views';
import { type ExplainConfig, variantOf } from '../methods/config';
import { METHOD_LABELS } from '../methods/methods';
import type { VideoModel } from '../model/videoModel';
import type { ReportInput, SearchInput } from '../report/types';
import { adviceOn } from './adviceOn';
import { sizeOf } from './sizeOfMask';
import { topClasses } from './topClasses';
import type { AreaSearch, Explanation, MaskExplanation } from './types';

/** What a report shows of one mask of an explanation. */
export function reportInput(
  model: VideoModel,
  clip: Clip,
  explanation: Explanation,
  mask: MaskExplanation,
): ReportInput {
  const { config, target, predicted, timing, search } = explanation;
  const advice = adviceOn(explanation, mask, model.manifest);
  return {
    clip,
    mask: mask.mask,
    perturbed: mask.perturbed,
    scaled: mask.area === null,
    method: METHOD_LABELS[config.method],
    model: model.manifest.name,
    modelWarnings: model.warnings,
    ...(model.views && { views: describeViews(model.views.layout) }),
    target: target.name,
    probability: mask.probability,
    predicted: { original: predicted, explained: mask.predicted },
    classes: topClasses(mask.probabilities, target.index, model),
    realisedArea: mask.realisedArea,
    realisedAreaAtHalf: mask.realisedAreaAtHalf,
    deletes: variantOf(config) === 'delete',
    energy: mask.energy,
    ...(advice && { advice }),
    ...(search && { search: searchInput(search, config) }),
    config: { ...config, ...(mask.area !== null && !search && { area: mask.area }), ...mask.details },
    versions: versions(),
    seconds: timing.seconds,
  };
}

function searchInput(search: AreaSearch, config: ExplainConfig): SearchInput {
  const deletes = variantOf(config) === 'delete';
  const tried = search.tried.map(({ deleted = 0, probability, ...mask }) => ({
    ...mask,
    size: sizeOf(mask),
    probability: deletes ? deleted : probability,
  }));
  return { ...search, tried };
}
