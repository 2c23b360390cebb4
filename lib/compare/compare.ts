import type { Clip } from '../clip/types';
import type { BoxMask } from '../datasets/types';
import type { MethodEntry } from '../evaluate/entry';
import { evaluate } from '../evaluate/evaluate';
import { checkCall } from '../explain/checkCall';
import { checkClip } from '../explain/checkClip';
import { savedViews } from '../model/averageViews';
import { hasGradient, needsNoGradient } from '../model/check/requireUsable';
import type { ModelCheck } from '../model/check/types';
import type { VideoModel } from '../model/videoModel';
import { checkCompareOptions, planComparison } from './options';
import type { CompareCallOptions, ComparedMethod, Comparison } from './types';

export type { CompareCallOptions, ComparedMethod, CompareProgress, Comparison } from './types';

/** A clip, and what is known about it. */
export interface CompareSubject {
  clip: Clip;
  /** Null, or left out, where nobody drew boxes. */
  boxes?: BoxMask | null;
  /** Name of the true class. */
  label?: string | null;
}

/**
 * Explains one clip by several methods, all of the same class, and scores each by every metric.
 *
 * Without boxes the metrics of localisation are null and there is no row of the boxes themselves.
 *
 * @throws FepError `FEP_USAGE` for options out of range; what `explain` throws
 */
export async function compare(
  model: VideoModel,
  { clip, boxes = null, label = null }: CompareSubject,
  callOptions: CompareCallOptions = {},
): Promise<Comparison> {
  checkCall(model, callOptions);
  const { onProgress, signal, ...given } = callOptions;
  const options = checkCompareOptions(given);
  checkClip(clip, model);
  const methods = given.methods ? options.methods : methodsThatRun(options.methods, model.check);
  const planned = planComparison({ ...options, methods }, model.manifest, boxes !== null);
  const { target, predicted, probabilities } = await askModel(model, clip, options.target, signal);
  const { curveSteps, removal, seed } = options;
  const compared: ComparedMethod[] = [];
  for (const [done, method] of planned.entries()) {
    const report = (fraction: number) =>
      onProgress?.({ method: method.label, done, total: planned.length, fraction });
    report(0);
    const { masks } = await evaluate(
      model,
      { clip, boxes, label },
      {
        method,
        target: target.index,
        probabilities,
        curveSteps,
        removal,
        seed,
        // The metrics that follow take time too: the bar is not full before them.
        onFraction: (fraction) => report(0.95 * fraction),
        signal,
      },
    );
    compared.push(...masks);
    report(1);
  }
  const views = model.views && savedViews(model.views);
  return { options, target, predicted, label, ...views, methods: compared };
}

/** The model's answer to the clip, and the class that all methods explain. */
async function askModel(
  model: VideoModel,
  clip: Clip,
  asked: CompareCallOptions['target'],
  signal: AbortSignal | undefined,
) {
  const probabilities = await model.predict(clip, signal);
  const predicted = model.best(probabilities);
  const index = asked === undefined ? predicted.index : model.classIndex(asked);
  const target = { index, name: model.className(index), probability: probabilities[index]! };
  return { target, predicted, probabilities };
}

/** The methods of a comparison that nobody chose: where the model has no gradient, RISE and those that need none. */
function methodsThatRun(methods: readonly MethodEntry[], check: ModelCheck): MethodEntry[] {
  if (hasGradient(check)) return [...methods];
  const others = methods.filter(({ method }) => method === 'oracle' || needsNoGradient(method));
  return others.some(({ method }) => method === 'rise')
    ? others
    : [{ method: 'rise', options: {} }, ...others];
}
