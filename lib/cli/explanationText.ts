import { describeViews } from '../clip/views';
import { adviceOn } from '../explain/adviceOn';
import type { Explanation } from '../explain/explain';
import type { SavedExplanation } from '../explain/saveExplanation';
import { searchSummary } from '../explain/searchSummary';
import { sizeOf } from '../explain/sizeOfMask';
import { isMaskConfig, variantOf } from '../methods/config';
import { METHOD_LABELS } from '../methods/methods';
import { savedViews } from '../model/averageViews';
import type { VideoModel } from '../model/videoModel';
import { shareKept, shareTaken } from '../report/certainty';
import { percent } from './output';

/** What `explain --json` prints: the numbers without the arrays, and the paths of the files. */
export type ExplanationSummary = ReturnType<typeof explanationSummary>;

export function explanationSummary(
  explanation: Explanation,
  saved: SavedExplanation[],
  { views }: Pick<VideoModel, 'views'>,
) {
  const { config, target, predicted, masks, timing, search } = explanation;
  return {
    method: config.method,
    ...(views && savedViews(views)),
    target,
    predicted,
    explanations: masks.map(
      ({ area, realisedArea, realisedAreaAtHalf, probability, predicted: after, details }, i) => ({
        area,
        realisedArea,
        realisedAreaAtHalf,
        probability,
        predicted: after,
        ...(details && { details }),
        files: saved[i]!,
      }),
    ),
    ...(search && { search: searchSummary(search) }),
    timing,
  };
}

/** What `explain` prints for people. */
export function explanationText(
  { explanations, timing }: ExplanationSummary,
  explanation: Explanation,
  model: VideoModel,
): string {
  const masks = explanations.map((mask, i) => maskText(mask, explanation, i, model));
  const views = model.views ? [`The probabilities are the ${describeViews(model.views.layout)}.`] : [];
  return [...masks, ...views, duration(timing, explanation.config, model.device)].join('\n');
}

function maskText(
  { probability, predicted, details, files, ...area }: ExplanationSummary['explanations'][number],
  explanation: Explanation,
  index: number,
  model: VideoModel,
): string {
  const { target, search } = explanation;
  return [
    `${target.name}: ${percent(probability.original)} on the clip, ${percent(probability.explained)} on what the mask keeps` +
      ` (most probable there: ${predicted.name}, ${percent(predicted.probability)})`,
    ...without(target.name, probability),
    ...(search ? [enough(sizeOf(area), probability, search, explanation.config)] : []),
    ...areaText(explanation, index, model),
    ...Object.entries(details ?? {}).map(([name, value]) => `  ${name}  ${value}`),
    `  look at  ${files.report}`,
    ...files.overlays.map((overlay) => `           ${overlay}`),
    `           ${files.sheet}`,
    `  data     ${files.mask}, ${files.result}`,
  ].join('\n');
}

type Probability = Explanation['masks'][number]['probability'];

/** What is left of the class without what the mask covers. */
function without(name: string, { original, deleted }: Probability): string[] {
  if (deleted === undefined) return [];
  return [`${name}: ${percent(original)} on the clip, ${percent(deleted)} without this part.`];
}

/** What the search for the smallest area found. */
function enough(
  area: number,
  probability: Probability,
  { keep, found }: NonNullable<Explanation['search']>,
  config: Explanation['config'],
): string {
  const [kept, taken] = [percent(shareKept(probability)), percent(shareTaken(probability))];
  const done = {
    preserve: `is enough for ${kept} of the certainty`,
    delete: `carries ${taken} of the certainty`,
    dual: `is enough for ${kept} of the certainty and carries ${taken} of it`,
  }[variantOf(config)];
  return found
    ? `${percent(area)} of the clip ${done} (${percent(keep)} were asked for).`
    : `No mask that was found comes to the ${percent(keep)} that were asked for; the best, ${percent(area)} of the clip, ${done}.`;
}

/** How large a mask is, and why it is not as large as it was asked to be. */
function areaText(explanation: Explanation, index: number, { manifest }: VideoModel): string[] {
  const { config, masks, search } = explanation;
  const mask = masks[index]!;
  const [mean, half] = [percent(mask.realisedArea), percent(mask.realisedAreaAtHalf)];
  const kept = `The mask's mean is ${mean} of the frame, ${half} are at ½ or more`;
  const advice = adviceOn(explanation, mask, manifest);
  return [`${kept}${ofBudget(mask, config, search)}.`, ...(advice ? [`  ${advice}`] : [])];
}

function ofBudget(
  { area }: Explanation['masks'][number],
  config: Explanation['config'],
  search: Explanation['search'],
): string {
  if (!isMaskConfig(config)) return ': it is a map of how much each voxel counts, not a budget';
  return search ? '' : ` (budget: ${percent(area!)} of the ${config.areaOver})`;
}

function duration(
  { seconds, modelSeconds, secondsPerIteration }: Explanation['timing'],
  config: Explanation['config'],
  device: string,
): string {
  if (!isMaskConfig(config)) return `${METHOD_LABELS[config.method]} took ${seconds.toFixed(1)} s.`;
  const iterations = Math.round(seconds / secondsPerIteration);
  const each = `${iterations} iterations in ${seconds.toFixed(1)} s, ${(1000 * secondsPerIteration).toFixed(1)} ms each`;
  // A GPU runs asynchronously, so the time inside the model is not measured.
  if (device !== 'cpu') return `${each}.`;
  return `${each}, ${percent(1 - modelSeconds / seconds)} of it outside the model.`;
}
