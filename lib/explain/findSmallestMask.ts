import type { Clip } from '../clip/types';
import { type MaskConfig, variantOf } from '../methods/config';
import { MOST_TRIES, updatesOfSearch, updatesOfTry } from '../methods/search';
import type { VideoModel } from '../model/videoModel';
import { shareKept, shareTaken } from '../report/certainty';
import { nextArea, type TriedArea } from './areaSearch';
import { describePart, WHOLE } from './describePart';
import { runMasks } from './findMasks';
import { sizeOf } from './sizeOfMask';
import type { ExplainProgress, Explanation, TriedMask, Watch } from './types';

/** A configuration that searches the smallest area. */
export type SearchConfig = MaskConfig & Required<Pick<MaskConfig, 'search'>>;

interface Try extends TriedArea {
  parameters: Float32Array;
  explanation: Explanation;
  updates: number;
}

/**
 * Searches the smallest mask on which the class keeps the asked share of its probability. The first area gets a whole
 * run, every other one a short one that starts from a neighbour's mask. target: −1 for the predicted class.
 *
 * @returns the explanation by the smallest mask; its time is that of the search
 */
export async function findSmallestMask(
  model: VideoModel,
  clip: Clip,
  target: number,
  config: SearchConfig,
  { onProgress, progressMasks, signal }: Watch,
): Promise<Explanation> {
  const most = updatesOfSearch(config.iterations);
  const tries: Try[] = [];
  const done = () => tries.reduce((sum, { updates }) => sum + updates, 0);
  let latest: ExplainProgress | undefined;
  const tell = (progress: ExplainProgress) => {
    latest = { ...progress, iteration: done() + progress.iteration, iterations: most };
    onProgress?.(latest);
  };
  const tryArea = async (own: MaskConfig, from?: Try): Promise<Try> => {
    const watch = { onProgress: onProgress && tell, progressMasks, signal };
    const options = from && { initial: from.parameters };
    const result = await runMasks(model, [{ clip, target }], [own], watch, options);
    const explanation = describePart(result, WHOLE, model, clip, own);
    const [mask] = explanation.masks;
    const keeps = shareOf(explanation) >= config.search.keep;
    const [area] = own.areas as [number];
    const { parameters } = result;
    const { length: updates } = mask!.energy;
    return { area, size: sizeOf(mask!, config), keeps, parameters, explanation, updates };
  };
  tries.push(await tryArea(config));
  const next = () => (tries.length < MOST_TRIES ? nextArea(tries, config.framesBudget) : undefined);
  for (let found = next(); found; found = next()) {
    tries.push(await tryArea(shortRun(config, found.area), found.from));
  }
  if (latest && done() < most) onProgress?.({ ...latest, iteration: done() - 1, iterations: done() });
  return outcome(tries, config);
}

/** The configuration of a try that starts from another mask, whose place is found: bands that open are open. */
function shortRun(config: MaskConfig, area: number): MaskConfig {
  const { modulation } = config;
  const open = modulation?.course ? { ...modulation, courseBegin: 0, courseEnd: 0 } : modulation;
  return { ...config, areas: [area], iterations: updatesOfTry(config.iterations), modulation: open };
}

/** The smallest mask that keeps the class; the one that keeps most of it where none keeps enough. */
function outcome(tries: readonly Try[], config: SearchConfig): Explanation {
  const bySize = [...tries].sort((one, other) => one.size - other.size);
  const kept = bySize.find(({ keeps }) => keeps);
  const best =
    kept ??
    bySize.reduce((one, other) => (shareOf(other.explanation) > shareOf(one.explanation) ? other : one));
  const { keep } = config.search;
  const tried = bySize.map(describeTry);
  return {
    ...best.explanation,
    config,
    search: { keep, found: kept !== undefined, tried, chosen: bySize.indexOf(best) },
    timing: timingOf(tries),
  };
}

/** How much of what it is asked for a mask does: the share of the probability that it keeps, or takes away; the less of both. */
function shareOf({ config, masks }: Explanation): number {
  const { probability } = masks[0]!;
  const [kept, taken] = [shareKept(probability), shareTaken(probability)];
  return { preserve: kept, delete: taken, dual: Math.min(kept, taken) }[variantOf(config)];
}

function timingOf(tries: readonly Try[]): Explanation['timing'] {
  const timings = tries.map(({ explanation }) => explanation.timing);
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  const seconds = sum(timings.map((timing) => timing.seconds));
  return {
    seconds,
    modelSeconds: sum(timings.map(({ modelSeconds }) => modelSeconds)),
    secondsPerIteration: seconds / sum(tries.map(({ updates }) => updates)),
    ...(timings[0]!.replayed !== undefined && { replayed: sum(timings.map(({ replayed = 0 }) => replayed)) }),
  };
}

function describeTry({ area, explanation, updates }: Try): TriedMask {
  const { mask, perturbed, realisedArea, realisedAreaAtHalf, probability } = explanation.masks[0]!;
  return {
    area,
    mask,
    perturbed,
    realisedArea,
    realisedAreaAtHalf,
    probability: probability.explained,
    ...(probability.deleted !== undefined && { deleted: probability.deleted }),
    updates,
  };
}
