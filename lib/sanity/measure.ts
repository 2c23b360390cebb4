import type { Clip } from '../clip/types';
import type { MaskExplanation } from '../explain/types';
import type { Method } from '../methods/methods';
import { PRESETS, presetSigma } from '../methods/presets';
import type { VideoModel } from '../model/videoModel';
import { type Explainer, mapOf } from './explainer';
import { FRAME_ORDERS, type FrameOrder, frameOrder, reorderClip, restoreMap } from './frameOrder';
import type { ResolvedSanity } from './options';
import { rankCorrelation } from './rankCorrelation';
import type { SanityMeasures } from './verdicts';

/** A clip, the class that the model predicts on it, and each method's explanation. */
export interface ExplainedClip {
  clip: Clip;
  target: number;
  probability: number;
  explanations: Map<Method, MaskExplanation>;
}

/** What is measured of a method on one clip; ρ is 0 where one of the maps has no order. */
export type ClipMeasures = Omit<SanityMeasures, 'method'>;

/** Explanations that `measureIntact` makes of a method on one clip, `explainClip`'s not counted. */
export function runsOf(method: Method): number {
  return 2 + FRAME_ORDERS.length + (method === 'f-ep' ? 2 : 0);
}

/** All that needs no randomised model. */
export async function measureIntact(
  model: VideoModel,
  { clip, target, probability, explanations }: ExplainedClip,
  { method, options, explainer }: { method: Method; options: ResolvedSanity; explainer: Explainer },
): Promise<Omit<ClipMeasures, 'randomised'>> {
  const original = explanations.get(method)!;
  const map = mapOf(original);
  const again = await explainer.map(model, clip, { method, target });
  const other = await explainer.map(model, clip, { method, target, seed: options.seed + 1 });
  const frames = {} as Record<FrameOrder, { correlation: number; drop: number }>;
  for (const order of FRAME_ORDERS) {
    const sources = frameOrder(order, clip.frames, options.seed);
    const reordered = reorderClip(clip, sources);
    const found = await explainer.map(model, reordered, { method, target });
    const after = (await model.predict(reordered))[target]!;
    frames[order] = {
      correlation: correlate(map, restoreMap(found, order, sources)),
      drop: probability - after,
    };
  }
  return {
    frames,
    seeds: { identical: map.every((value, i) => value === again[i]), correlation: correlate(map, other) },
    identity: method === 'f-ep' ? await measureIdentity(model, clip, { target, options, explainer }) : null,
    completeness: completenessOf(original),
  };
}

/** ρ with the explanation that a randomised model gets. */
export async function measureRandomised(
  randomised: VideoModel,
  { clip, target, explanations }: ExplainedClip,
  { method, explainer }: { method: Method; explainer: Explainer },
): Promise<number> {
  const found = await explainer.map(randomised, clip, { method, target });
  return correlate(mapOf(explanations.get(method)!), found);
}

/**
 * Iterations after which the two are compared. The one filters and the other does not, so they round differently, and
 * the loop multiplies that by about 20 every ten iterations: 1e-5 after 10, 2e-4 after 20, half the range after 200.
 */
const IDENTITY_ITERATIONS = 20;

/** F-EP that keeps every frequency, against 3D-EP with its step and reach, over the first iterations. */
async function measureIdentity(
  model: VideoModel,
  clip: Clip,
  { target, options, explainer }: { target: number; options: ResolvedSanity; explainer: Explainer },
): Promise<number> {
  const preset = PRESETS['f-ep'];
  const grid = {
    step: options.step ?? preset.step,
    sigma: options.sigma ?? presetSigma(preset, model.manifest),
    iterations: Math.min(options.iterations, IDENTITY_ITERATIONS),
  };
  const all = { lowRatio: 0.6, highRatio: 0.4 };
  const fep = await explainer.map(model, clip, { method: 'f-ep', target, ...grid, ...all });
  const ep = await explainer.map(model, clip, { method: 'ep', target, ...grid });
  return fep.reduce((most, value, i) => Math.max(most, Math.abs(value - ep[i]!)), 0);
}

/** The gap as integrated gradients report it, as a share of what is to be explained. */
export function completenessOf({ details }: MaskExplanation): number | null {
  if (details === undefined || !('completenessGap' in details)) return null;
  const { completenessGap, score, baselineScore } = details;
  return Math.abs(completenessGap) / Math.max(Math.abs(score - baselineScore), 1e-6);
}

function correlate(a: Float32Array, b: Float32Array): number {
  return rankCorrelation(a, b) ?? 0;
}
