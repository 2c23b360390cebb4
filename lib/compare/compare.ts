import { labelAtArea } from '../bench/settings/methods';
import type { MethodEntry } from '../bench/settings/options';
import type { Clip } from '../clip/types';
import type { AnnotatedClip, BoxMask } from '../datasets/types';
import { checkClip } from '../explain/checkClip';
import { explain } from '../explain/explain';
import { hasGradient, needsNoGradient } from '../model/check/requireUsable';
import type { ModelCheck } from '../model/check/types';
import type { VideoModel } from '../model/videoModel';
import { explainBoxes } from './explainBoxes';
import { checkCompareOptions, type PlannedMethod, planMethods } from './options';
import { scoreMethod } from './scoreMethod';
import type { CompareCallOptions, ComparedMethod, CompareProgress, Comparison } from './types';

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
  const { onProgress, signal, ...given } = callOptions;
  const options = checkCompareOptions(given);
  checkClip(clip, model.manifest);
  const methods = given.methods ? options.methods : explaining(options.methods, model.check);
  const planned = planMethods({ ...options, methods }, model.manifest, boxes !== null);
  const probabilities = await model.predict(clip, signal);
  const predicted = model.best(probabilities);
  const index = options.target === undefined ? predicted.index : model.classIndex(options.target);
  const target = { index, name: model.className(index), probability: probabilities[index]! };
  const subject = { clip, boxes, label };
  const compared: ComparedMethod[] = [];
  for (const [done, plan] of planned.entries()) {
    const report = (fraction: number) =>
      onProgress?.({ method: plan.label, done, total: planned.length, fraction } satisfies CompareProgress);
    report(0);
    const found = await runMethod(plan, model, subject, { index, probabilities }, report, signal);
    for (const one of found) compared.push(await scoreMethod(one, model, subject, target, options, signal));
    report(1);
  }
  return { options, target, predicted, label, methods: compared };
}

/** The methods of a comparison that nobody chose: where the model has no gradient, RISE and those that need none. */
function explaining(methods: readonly MethodEntry[], check: ModelCheck): MethodEntry[] {
  if (hasGradient(check)) return [...methods];
  const others = methods.filter(({ method }) => method === 'oracle' || needsNoGradient(method));
  return others.some(({ method }) => method === 'rise')
    ? others
    : [{ method: 'rise', options: {} }, ...others];
}

/** A method's mask before it is scored. */
export type FoundMask = Omit<ComparedMethod, 'scores' | 'scoringSeconds'>;

async function runMethod(
  { label, control, options }: PlannedMethod,
  model: VideoModel,
  { clip, boxes }: Pick<AnnotatedClip, 'clip' | 'boxes'>,
  { index, probabilities }: { index: number; probabilities: Float32Array },
  report: (fraction: number) => void,
  signal: AbortSignal | undefined,
): Promise<FoundMask[]> {
  if (options === null) {
    const start = performance.now();
    const explanation = await explainBoxes(model, clip, boxes!, index, probabilities, signal);
    return [{ label, control, config: null, explanation, seconds: (performance.now() - start) / 1000 }];
  }
  const { config, masks, timing } = await explain(model, clip, {
    ...{ ...options, target: index },
    // The metrics that follow take time too: the bar is not full before them.
    onProgress: ({ iteration, iterations }) => report((0.95 * (iteration + 1)) / iterations),
    ...(signal && { signal }),
  });
  return masks.map((explanation) => ({
    label: masks.length > 1 ? labelAtArea(label, explanation.area!) : label,
    ...{ control, config, explanation, seconds: timing.seconds },
  }));
}
