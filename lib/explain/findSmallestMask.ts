import type { ExtremalPerturbationResult } from '../../binding';
import type { Clip } from '../clip/types';
import type { MaskConfig } from '../methods/config';
import { perturbationOf } from '../methods/perturbation';
import { updatesOfSearch } from '../methods/search';
import type { VideoModel } from '../model/videoModel';
import { describeMask } from './describeMask';
import { describePart, energyOf, slice, WHOLE } from './describePart';
import { enoughEnergy, shareOf } from './enough';
import { runMasks } from './findMasks';
import { sizeOf } from './sizeOfMask';
import { tryMask } from './tryMask';
import type { ExplainProgress, Explanation, MaskExplanation, TriedMask, Watch } from './types';

/** A configuration that searches the smallest area. */
export type SearchConfig = MaskConfig & Required<Pick<MaskConfig, 'search'>>;

/** A mask that was tried, and the updates after which it was. */
interface Try {
  mask: MaskExplanation & { area: number };
  updates: number;
}

/**
 * Searches the smallest mask on which the class keeps the asked share of its probability. A whole run finds the mask of the
 * first area; a second one goes on from there, with a budget that falls until the class is lost, and then keeps to that
 * edge. target: −1 for the predicted class.
 *
 * @returns the explanation by the smallest mask; its time is that of the search
 */
export async function findSmallestMask(
  model: VideoModel,
  clip: Clip,
  target: number,
  config: SearchConfig,
  watch: Watch,
): Promise<Explanation> {
  const following = shifted(watch, 0, updatesOfSearch(config.iterations));
  const run = await runMasks(model, [{ clip, target }], [config], following);
  const whole = describePart(run, WHOLE, model, clip, config);
  const [first] = whole.masks as [Try['mask']];
  const done = first.energy.length;

  const going = shifted(watch, done, 0);
  const subject = { clip, target: whole.target.index };
  const enough = enoughEnergy(whole.target.probability, config.search.keep, config);
  const begin = { initial: run.parameters, enough };
  const search = await runMasks(model, [subject], [searchRun(config, updatesOfSearch(done))], going, begin);
  const tries = [{ mask: first, updates: done }, ...triesOf(search, model, whole)];
  const blank = await probabilityOfNothing(model, clip, whole.target.index, config, watch.signal);
  return outcome(tries, blank, whole, search, config);
}

/** Of a class on the clip of which nothing is kept: what a mask cannot be thanked for. */
async function probabilityOfNothing(
  model: VideoModel,
  clip: Clip,
  target: number,
  config: MaskConfig,
  signal: AbortSignal | undefined,
): Promise<number> {
  const nothing = new Float32Array(clip.frames * clip.height * clip.width);
  const perturbation = perturbationOf(config, model.manifest);
  const { explained } = await tryMask(model, clip, nothing, perturbation, signal);
  return explained[target]!;
}

/** A watch of a run after `before` updates and before `after` further ones, whose progress is that of both runs. */
function shifted({ onProgress, ...watch }: Watch, before: number, after: number): Watch {
  const tell = (progress: ExplainProgress) =>
    onProgress?.({
      ...progress,
      iteration: before + progress.iteration,
      iterations: before + progress.iterations + after,
    });
  return { ...watch, onProgress: onProgress && tell };
}

/** The configuration of the run that goes on from the first mask, whose place is found: bands that open are open. */
function searchRun(config: MaskConfig, iterations: number): MaskConfig {
  const { modulation } = config;
  const open = modulation?.course ? { ...modulation, courseBegin: 0, courseEnd: 0 } : modulation;
  return { ...config, iterations, until: 'iterations', modulation: open };
}

/** The masks that a search came by. */
function triesOf(search: ExtremalPerturbationResult, model: VideoModel, whole: Explanation): Try[] {
  const [first] = whole.masks as [MaskExplanation];
  const count = search.budgets.length;
  const before = first.energy.length;
  return Array.from(search.budgets, (area, i) => {
    const described = describeMask(model, {
      mask: slice(search.masks, i, count),
      perturbed: slice(search.pictures!, i, count),
      target: whole.target.index,
      probabilities: {
        original: first.probabilities.original,
        explained: slice(search.explained, i, count),
      },
      ...(search.deleted && { deleted: slice(search.deleted, i, count) }),
    });
    const updates = search.foundIn[i]! + 1;
    const following = energyOf(search, { index: 0, of: 1 }, updates).map((point) => ({
      ...point,
      iteration: before + point.iteration,
    }));
    const energy = [...first.energy, ...following];
    return { mask: { area, ...described, energy }, updates: before + updates };
  });
}

/** The smallest mask that keeps the class; the one that keeps most of it where none keeps enough. */
function outcome(
  tries: readonly Try[],
  blank: number,
  whole: Explanation,
  search: ExtremalPerturbationResult,
  config: SearchConfig,
): Explanation {
  const { keep } = config.search;
  const share = ({ mask }: Try) => shareOf(mask.probability, config);
  const bySize = tries.toSorted(
    ({ mask: one }, { mask: other }) => sizeOf(one) - sizeOf(other) || one.realisedArea - other.realisedArea,
  );
  const kept = bySize.find((one) => share(one) >= keep);
  const best = kept ?? bySize.reduce((one, other) => (share(other) > share(one) ? other : one));
  const tried = bySize.map(describeTry);
  return {
    ...whole,
    config,
    masks: [best.mask],
    search: { keep, found: kept !== undefined, blank, tried, chosen: bySize.indexOf(best) },
    timing: timingOf(whole, search),
  };
}

function timingOf({ timing, masks }: Explanation, search: ExtremalPerturbationResult): Explanation['timing'] {
  const seconds = timing.seconds + search.seconds;
  return {
    seconds,
    modelSeconds: timing.modelSeconds + search.modelSeconds,
    secondsPerIteration: seconds / (masks[0]!.energy.length + search.reward.length),
    ...(timing.replayed !== undefined && { replayed: timing.replayed + search.replayed }),
  };
}

function describeTry({ mask: tried, updates }: Try): TriedMask {
  const { area, mask, perturbed, realisedArea, realisedAreaAtHalf, probability } = tried;
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
