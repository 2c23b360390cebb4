import type { AnnotatedClip } from '../../datasets/types';
import { explain } from '../../explain/explain';
import type { Explanation } from '../../explain/types';
import { oracleMask } from '../../metrics/oracleMask';
import { scoreMask } from '../../metrics/score';
import type { Prediction, VideoModel } from '../../model/videoModel';
import type { EnergyPoint } from '../../report/energyPoint';
import type { BenchConfig, BenchMethodConfig } from '../settings/config';
import type { BenchRecord, LastEnergy, MaskRecord } from './record';

/** A clip that a method explains, and with what. */
export interface Work {
  model: VideoModel;
  clip: AnnotatedClip;
  /** Name of the true class, and the sample's place in the data set. */
  label: string;
  place: number;
  method: BenchMethodConfig;
  /** Of the run, in [0, 1]. */
  onFraction: (fraction: number) => void;
  signal: AbortSignal | undefined;
  /** What the method found, where it has run already. */
  explained?: Explanation;
  /** Is given every mask once all are scored. */
  onMask?: (found: Found, record: MaskRecord, target: Prediction) => Promise<void>;
}

/** A mask and what the model makes of what it keeps. */
export interface Found {
  area: number | null;
  mask: Float32Array;
  explained: number;
  predicted: Prediction;
  energy?: LastEnergy;
  details?: Record<string, number | string>;
}

interface Findings {
  target: Prediction;
  masks: Found[];
  seconds: number;
  modelSeconds: number;
}

/** Explains a clip and scores every mask. */
export async function scoreItem(
  work: Work,
  { options }: BenchConfig,
): Promise<Pick<BenchRecord, 'target' | 'masks' | 'timing'>> {
  const { target, masks, seconds, modelSeconds } = await findMasks(work);
  const start = performance.now();
  const records: MaskRecord[] = [];
  for (const found of masks) records.push(await scoreFound(found, target, work, options));
  const scoringSeconds = (performance.now() - start) / 1000;
  for (const [i, found] of masks.entries()) await work.onMask?.(found, records[i]!, target);
  return {
    target: { name: target.name, probability: target.probability },
    masks: records,
    timing: { seconds, modelSeconds, scoringSeconds },
  };
}

function findMasks(work: Work): Promise<Findings> {
  return work.method.method === 'oracle' ? lookAtBoxes(work) : runMethod(work);
}

async function runMethod(work: Work): Promise<Findings> {
  const { target, masks, timing } = work.explained ?? (await explainByItself(work));
  const found = masks.map(({ area, mask, probability, predicted, energy, details }) => ({
    ...{ area, mask, predicted },
    explained: probability.explained,
    ...(energy.length > 0 && { energy: lastOf(energy) }),
    ...(details && { details }),
  }));
  return { target, masks: found, seconds: timing.seconds, modelSeconds: timing.modelSeconds };
}

function explainByItself({ model, clip, place, method, onFraction, signal }: Work): Promise<Explanation> {
  return explain(model, clip.clip, {
    ...method.options,
    // Otherwise each clip would meet the same random masks, and their luck would not average out.
    seed: (method.options.seed ?? 0) + place,
    onProgress: ({ iteration, iterations }) => onFraction((iteration + 1) / iterations),
    ...(signal && { signal }),
  });
}

function lastOf(energy: EnergyPoint[]): LastEnergy {
  const { iteration, reward, area, core } = energy.at(-1)!;
  return { iterations: iteration + 1, reward, area, core };
}

/** The boxes as a mask, where there are some. */
async function lookAtBoxes({ model, clip: { clip, boxes }, signal }: Work): Promise<Findings> {
  const start = performance.now();
  const target = model.best(await model.predict(clip, signal));
  const masks: Found[] = [];
  if (boxes) {
    const mask = oracleMask(boxes);
    const probabilities = await model.predictPerturbed(clip, mask, 1, 'blur', signal);
    const explained = probabilities[target.index]!;
    masks.push({ area: null, mask, explained, predicted: model.best(probabilities) });
  }
  const seconds = (performance.now() - start) / 1000;
  return { target, masks, seconds, modelSeconds: seconds };
}

async function scoreFound(
  { area, mask, explained, predicted, energy, details }: Found,
  target: Prediction,
  { model, clip: { clip, boxes }, label, place, signal }: Work,
  { curveSteps, removal, seed }: BenchConfig['options'],
): Promise<MaskRecord> {
  const scores = await scoreMask({
    mask,
    boxes,
    probability: { original: target.probability, explained },
    predictedExplained: predicted.index,
    labelIndex: model.classIndex(label),
    seed: seed + place,
    ...(curveSteps > 0 && {
      steps: curveSteps,
      predict: async (masks: Float32Array, count: number) =>
        column(await model.predictPerturbed(clip, masks, count, removal, signal), target.index, count),
    }),
  });
  return {
    ...{ area, explained, predicted: predicted.name, scores },
    ...(energy && { energy }),
    ...(details && { details }),
  };
}

/** One class of count×classes probabilities. */
function column(probabilities: Float32Array, index: number, count: number): Float32Array {
  const classes = probabilities.length / count;
  return Float32Array.from({ length: count }, (_, i) => probabilities[i * classes + index]!);
}
