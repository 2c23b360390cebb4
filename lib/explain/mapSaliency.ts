import type { AttributionProgress, AttributionResult } from '../../binding';
import { runJob } from '../binding/runJob';
import type { Clip } from '../clip/types';
import type { SaliencyConfig } from '../methods/config';
import { iterationsOf } from '../methods/config';
import type { SaliencyMethod } from '../methods/methods';
import { toAttributionOptions } from '../methods/native';
import { perturbationOf } from '../methods/perturbation';
import { requireGradient, requireOneView } from '../model/check/requireUsable';
import { chooseLayers } from '../model/layers';
import type { VideoModel } from '../model/videoModel';
import { describeMask } from './describeMask';
import { guardProgress } from './guardProgress';
import { originOf } from './origin';
import { scaleMap } from './scaleMap';
import { tryMask } from './tryMask';
import type { DetailsOf, ExplainProgress, Explanation, Watch } from './types';

/** Runs a saliency method or control, and tries its scaled map out as a mask. target: −1 for the predicted class. */
export async function mapSaliency(
  model: VideoModel,
  clip: Clip,
  target: number,
  given: SaliencyConfig,
  { onProgress, signal }: Watch,
): Promise<Explanation> {
  requireGradient(given.method, model.check);
  requireOneView(given.method, model.views);
  const config = await settleLayer(given, model, signal);
  const watch = guardProgress(onProgress, signal, progressOf);
  const options = toAttributionOptions(config, model.manifest);
  const result = await runJob(
    () => model.native.attribute(clip.data, target, options, watch.report),
    watch.signal,
  ).catch((error) => {
    throw watch.thrown ?? error;
  });
  const mask = scaleMap(result.map);
  const perturbation = perturbationOf(config, model.manifest);
  const tried = await tryMask(model, clip, mask, perturbation, signal);
  return describe(result, config, { mask, ...tried }, model, clip);
}

/** Asks the model for its layers where the method looks at some, so that the configuration names them. */
async function settleLayer(
  config: SaliencyConfig,
  model: VideoModel,
  signal: AbortSignal | undefined,
): Promise<SaliencyConfig> {
  if (config.layer === undefined) return config;
  const layers = chooseLayers(await model.layers(signal), config.layer);
  return { ...config, layer: layers.map(({ name }) => name).join(',') };
}

function progressOf({ done, of }: AttributionProgress): ExplainProgress {
  return { iteration: done - 1, iterations: of };
}

function describe(
  { map, original, target, facts, seconds, modelSeconds }: AttributionResult,
  config: SaliencyConfig,
  { mask, perturbed, explained }: { mask: Float32Array; perturbed: Uint8Array; explained: Float32Array },
  model: VideoModel,
  clip: Clip,
): Explanation {
  const probabilities = { original, explained };
  const details = { ...facts, ...(config.layer && { layer: config.layer }) } as DetailsOf<SaliencyMethod>;
  const explanation = {
    area: null,
    ...describeMask(model, { mask, perturbed, target, probabilities }),
    attribution: map,
    energy: [],
    ...(Object.keys(details).length > 0 && { details }),
  };
  return {
    origin: originOf(model, clip),
    config,
    target: { index: target, name: model.className(target), probability: original[target]! },
    predicted: model.best(original),
    masks: [explanation],
    timing: { seconds, modelSeconds, secondsPerIteration: seconds / iterationsOf(config) },
  };
}
