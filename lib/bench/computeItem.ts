import { loadModel } from '../model/loadModel';
import type { VideoModel } from '../model/videoModel';
import type { ClipReader } from './clipReader';
import type { BenchConfig } from './config';
import type { Item } from './items';
import { keepMask } from './keptClips';
import type { BenchRecord } from './record';
import { scoreItem, type Work } from './scoring';

/** What all items of a run are computed with. */
export interface Surroundings {
  config: BenchConfig;
  clips: ClipReader;
  signal: AbortSignal | undefined;
  /** The bench's folder, where every mask is kept; none when none is. */
  keepIn?: string | undefined;
}

/**
 * Loads a model as a bench's configuration says.
 *
 * @throws FepError as `loadModel`
 */
export function loadForBench(
  path: string,
  { device, options: { precision, foldBatchNorm } }: BenchConfig,
  { threads, signal }: { threads?: number | undefined; signal?: AbortSignal | undefined },
): Promise<VideoModel> {
  return loadModel(path, {
    ...{ device, precision, foldBatchNorm },
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
  { sample, place, method }: Item,
  model: VideoModel,
  { config, clips, signal, keepIn }: Surroundings,
  onFraction: (fraction: number) => void = () => undefined,
): Promise<BenchRecord> {
  const clip = await clips.read(sample, model);
  const name = model.manifest.name;
  const onMask: Work['onMask'] =
    keepIn === undefined
      ? undefined
      : (found, record, target) =>
          keepMask(keepIn, { model: name, sample: sample.id }, config, {
            ...{ clip, method, target, found, record },
          });
  const work = { model, clip, label: sample.label, place, method, onFraction, onMask, signal };
  const found = await scoreItem(work, config);
  return { model: name, sample: sample.id, place, method: method.label, label: sample.label, ...found };
}
