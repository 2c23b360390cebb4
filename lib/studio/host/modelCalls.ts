import type { PerturbationName } from '../../methods/perturbation';
import type { VideoModel } from '../../model/videoModel';
import { clipDocument } from '../../report/page/clipDocument';
import type { ClassProbability, ModelFacts } from '../api';
import type { HostCalls } from './messages';
import { readHostClip } from './readHostClip';

export function factsOf(model: VideoModel): ModelFacts {
  const { name, input } = model.manifest;
  return {
    name,
    classes: Array.from({ length: model.classes }, (_, i) => model.className(i)),
    frames: input.frames,
    height: input.height,
    width: input.width,
    device: model.device,
    warnings: [...model.warnings],
  };
}

/** The clip's frames as the model sees them; the model is not asked, so that a run that is at work does not delay it. */
export async function clipCall(
  model: VideoModel,
  { clip: chosen }: HostCalls['clip']['ask'],
): Promise<HostCalls['clip']['answer']> {
  const { clip, boxes } = await readHostClip(chosen, model.manifest.input);
  const label = clip.sample?.label ?? null;
  return { model: factsOf(model), clip: await clipDocument(clip, boxes), label };
}

/** What the model says of a clip. */
export async function predictCall(
  model: VideoModel,
  { clip: chosen }: HostCalls['predict']['ask'],
): Promise<HostCalls['predict']['answer']> {
  const { clip } = await readHostClip(chosen, model.manifest.input);
  return { classes: ranked(model, await model.predict(clip)) };
}

/** What the model says of what a mask keeps. */
export async function perturbedCall(
  model: VideoModel,
  { clip: chosen, mask, perturbation }: HostCalls['perturbed']['ask'],
): Promise<HostCalls['perturbed']['answer']> {
  const { clip } = await readHostClip(chosen, model.manifest.input);
  const began = performance.now();
  const kept = Float32Array.from(mask, (value) => value / 255);
  const probabilities = await model.predictPerturbed(clip, kept, {
    perturbation: perturbation as PerturbationName,
  });
  return { classes: ranked(model, probabilities), seconds: (performance.now() - began) / 1000 };
}

function ranked(model: VideoModel, probabilities: Float32Array): ClassProbability[] {
  return Array.from(probabilities, (probability, index) => ({
    index,
    name: model.className(index),
    probability,
  })).sort((a, b) => b.probability - a.probability);
}
