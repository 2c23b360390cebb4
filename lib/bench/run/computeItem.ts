import { evaluate } from '../../evaluate/evaluate';
import type { EvaluatedMask, Evaluation } from '../../evaluate/types';
import { loadModel } from '../../model/loadModel';
import { formOf } from '../../model/modelForm';
import type { VideoModel } from '../../model/videoModel';
import type { EnergyPoint } from '../../report/energyPoint';
import type { ClipKeeper } from '../kept/clipKeeper';
import type { BenchConfig } from '../settings/config';
import type { ClipReader } from './clipReader';
import type { Item } from './items';
import type { BenchRecord, LastEnergy, MaskRecord } from './record';
import type { SideBySide } from './sideBySide';

/** What all items of a run are computed with. */
export interface ItemContext {
  config: BenchConfig;
  clips: ClipReader;
  signal: AbortSignal | undefined;
  /** Who keeps masks for the pages of clips; none over a queue. */
  keeper?: ClipKeeper | undefined;
  /** Who explains several clips at once; none over a queue. */
  sideBySide?: SideBySide | undefined;
}

/**
 * Loads a model as a bench's configuration says.
 *
 * @throws FepError as `loadModel`
 */
export function loadForBench(
  path: string,
  { device, options }: BenchConfig,
  { threads, signal }: { threads?: number | undefined; signal?: AbortSignal | undefined },
): Promise<VideoModel> {
  return loadModel(path, {
    device,
    precision: options.precision,
    ...formOf(options),
    ...(threads !== undefined && { threads }),
    ...(signal && { signal }),
  });
}

/**
 * Reads an item's clip, explains it and scores every mask.
 *
 * @param model the item's
 * @param onFraction is told how much of the explanation is done, in [0, 1]
 * @throws FepError what reading and explaining throw
 */
export async function computeItem(
  model: VideoModel,
  item: Item,
  { config, clips, signal, keeper, sideBySide }: ItemContext,
  onFraction: (fraction: number) => void = () => undefined,
): Promise<BenchRecord> {
  const { sample, place, method } = item;
  const { curveSteps, removal, seed } = config.options;
  const clip = await clips.read(model, sample);
  const explanation = await sideBySide?.explanationOf(model, item, onFraction);
  const evaluation = await evaluate(
    model,
    { ...clip, label: sample.label },
    {
      method: { ...method, config: method.resolved[item.model]! },
      addToSeeds: place,
      explanation,
      curveSteps,
      removal,
      seed,
      onFraction,
      signal,
    },
  );
  const name = { model: model.manifest.name, sample: sample.id, place };
  for (const mask of evaluation.masks) await keeper?.add(name, { clip, method, mask });
  return { ...name, method: method.label, label: sample.label, ...recordOf(evaluation) };
}

function recordOf({ target, masks, timing }: Evaluation): Pick<BenchRecord, 'target' | 'masks' | 'timing'> {
  const { seconds, modelSeconds } = timing;
  const scoringSeconds = masks.reduce((sum, mask) => sum + mask.scoringSeconds, 0);
  return {
    target: { name: target.name, probability: target.probability },
    masks: masks.map(recordOfMask),
    timing: { seconds, modelSeconds, scoringSeconds },
  };
}

function recordOfMask({ explanation, scores }: EvaluatedMask): MaskRecord {
  const { area, probability, predicted, energy, details } = explanation;
  return {
    area,
    explained: probability.explained,
    predicted: predicted.name,
    scores,
    ...(energy.length > 0 && { energy: lastOf(energy) }),
    ...(details && { details }),
  };
}

function lastOf(energy: EnergyPoint[]): LastEnergy {
  const { iteration, reward, area, core } = energy.at(-1)!;
  return { iterations: iteration + 1, reward, area, core };
}
