import { versions } from '../binding/versions';
import type { Clip } from '../clip/types';
import { describeViews } from '../clip/views';
import { comparedDocument, documentOfMasks } from '../evaluate/document';
import { topClasses } from '../explain/topClasses';
import type { VideoModel } from '../model/videoModel';
import { clipDocument } from '../report/page/clipDocument';
import type { ComparedDocument, ComparisonDocument } from '../report/page/document';
import type { CompareSubject } from './compare';
import type { ComparedMethod, Comparison } from './types';

/** A comparison as the viewer takes it. */
export async function comparisonDocument(
  model: VideoModel,
  { clip, boxes = null }: CompareSubject,
  { target, label, views, methods }: Comparison,
): Promise<ComparisonDocument> {
  return documentOfMasks({
    target: target.name,
    label,
    model: model.manifest.name,
    ...(views && { views: describeViews(views) }),
    versions: versions(),
    clip: await clipDocument(clip, boxes, model.warnings),
    methods: await Promise.all(methods.map((method) => documentOf(method, clip, target.index, model))),
  });
}

function documentOf(
  method: ComparedMethod,
  clip: Clip,
  target: number,
  model: VideoModel,
): Promise<ComparedDocument> {
  const { predicted, energy, probabilities, details } = method.explanation;
  return comparedDocument(method, clip, {
    predicted,
    energy,
    seconds: method.seconds,
    classes: topClasses(probabilities, target, model),
    config: { ...method.config, ...details },
  });
}
