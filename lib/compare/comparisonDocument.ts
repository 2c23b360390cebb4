import { METRICS } from '../bench/table/metrics';
import { versions } from '../binding/versions';
import { topClasses } from '../explain/topClasses';
import type { VideoModel } from '../model/videoModel';
import { clipDocument } from '../report/page/clipDocument';
import type { ComparedDocument, ComparisonDocument, MetricDocument } from '../report/page/document';
import { maskDocument } from '../report/page/explanationDocument';
import type { CompareSubject } from './compare';
import type { ComparedMethod, Comparison } from './types';

/** A comparison as the viewer takes it. */
export async function comparisonDocument(
  { target, label, methods }: Comparison,
  { clip, boxes = null }: CompareSubject,
  model: VideoModel,
): Promise<ComparisonDocument> {
  const compared = methods.map((method) => comparedDocument(method, target.index, model));
  const isKnown = ({ name }: MetricDocument) => compared.some(({ scores }) => scores[name] !== null);
  return {
    kind: 'comparison',
    ...{ target: target.name, label, model: model.manifest.name, versions: versions() },
    clip: await clipDocument(clip, boxes, model.warnings),
    methods: compared,
    metrics: METRICS.map(({ name, title, better }) => ({ name, title, better })).filter(isKnown),
  };
}

function comparedDocument(
  { label, control, config, explanation, scores, seconds }: ComparedMethod,
  target: number,
  model: VideoModel,
): ComparedDocument {
  const { mask, probability, probabilities, predicted, realisedArea, energy, details, area } = explanation;
  return {
    ...maskDocument({
      ...{
        method: label,
        mask,
        scaled: config !== null && area === null,
        probability,
        predicted,
        realisedArea,
        energy,
        seconds,
      },
      classes: topClasses(probabilities, target, model),
      config: { ...config, ...details },
    }),
    control,
    scores: Object.fromEntries(METRICS.map(({ name, of }) => [name, of(scores)])),
    walks: { deletion: scores.deletionCurve, insertion: scores.insertionCurve },
  };
}
