import type { Clip } from '../clip/types';
import type { ComparedDocument, ComparisonDocument } from '../report/page/document';
import { type MaskInput, maskDocument } from '../report/page/explanationDocument';
import { describeMetric, METRICS, valuesOf } from './metrics';
import type { EvaluatedMask } from './types';

/** What a page may say of a mask or leave out: a bench keeps many masks, so it keeps little of each. */
type MaskDetails = Pick<MaskInput, 'predicted' | 'energy' | 'seconds' | 'classes' | 'config'>;

/** A mask and its scores as the viewer takes them. */
export async function comparedDocument(
  { label, control, config, explanation, scores }: EvaluatedMask,
  clip: Clip,
  details: MaskDetails,
): Promise<ComparedDocument> {
  const { area, mask, perturbed, probability, realisedArea, realisedAreaAtHalf } = explanation;
  return {
    ...(await maskDocument({
      ...details,
      clip,
      method: label,
      mask,
      perturbed,
      scaled: config !== null && area === null,
      probability,
      realisedArea,
      realisedAreaAtHalf,
    })),
    control,
    scores: valuesOf(scores),
    walks: { deletion: scores.deletionCurve, insertion: scores.insertionCurve },
  };
}

/** The masks of one clip as the viewer takes them, with the metrics that are known of any of them. */
export function documentOfMasks(parts: Omit<ComparisonDocument, 'kind' | 'metrics'>): ComparisonDocument {
  const known = METRICS.filter(({ name }) => parts.methods.some(({ scores }) => scores[name] !== null));
  return { kind: 'comparison', ...parts, metrics: known.map(describeMetric) };
}
