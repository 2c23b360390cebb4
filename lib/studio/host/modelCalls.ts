import { tryMask } from '../../explain/tryMask';
import { nativePerturbation } from '../../methods/perturbation';
import type { VideoModel } from '../../model/videoModel';
import { clipDocument } from '../../report/page/clipDocument';
import { frameSprite } from '../../report/page/pack';
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

/** A picture that is looked at while somebody paints: a tenth of the time of one that is kept. */
const LIVE = { quality: 80, effort: 0 };

/** What the model says of what a mask keeps, and what it saw. */
export async function perturbedCall(
  model: VideoModel,
  { clip: chosen, mask, perturbation }: HostCalls['perturbed']['ask'],
): Promise<HostCalls['perturbed']['answer']> {
  const { clip } = await readHostClip(chosen, model.manifest.input);
  const began = performance.now();
  const kept = new Float32Array(mask);
  for (let i = 0; i < kept.length; i++) kept[i]! /= 255; // a function for each voxel would take longer than the model
  const native = nativePerturbation(perturbation, model.manifest);
  const { explained, perturbed } = await tryMask(model, clip, kept, native, undefined);
  const seconds = (performance.now() - began) / 1000;
  return { classes: ranked(model, explained), perturbed: await frameSprite(perturbed, clip, LIVE), seconds };
}

function ranked(model: VideoModel, probabilities: Float32Array): ClassProbability[] {
  return Array.from(probabilities, (probability, index) => ({
    index,
    name: model.className(index),
    probability,
  })).sort((a, b) => b.probability - a.probability);
}
