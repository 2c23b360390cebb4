import { loadModel } from '../../model/loadModel';
import { formOf } from '../../model/modelForm';
import type { VideoModel } from '../../model/videoModel';
import type { ClipKeeper } from '../kept/clipKeeper';
import type { BenchConfig } from '../settings/config';
import type { ClipReader } from './clipReader';
import type { Item } from './items';
import type { BenchRecord } from './record';
import { scoreItem, type Work } from './scoring';
import type { SideBySide } from './sideBySide';

/** What all items of a run are computed with. */
export interface Surroundings {
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
  item: Item,
  model: VideoModel,
  { config, clips, signal, keeper, sideBySide }: Surroundings,
  onFraction: (fraction: number) => void = () => undefined,
): Promise<BenchRecord> {
  const { sample, place, method } = item;
  const clip = await clips.read(sample, model);
  const explained = await sideBySide?.explanationOf(item, model, onFraction);
  const name = { model: model.manifest.name, sample: sample.id, place };
  const onMask: Work['onMask'] =
    keeper && ((found, record, target) => keeper.add(name, { clip, method, target, found, record }));
  const work = {
    model,
    clip,
    label: sample.label,
    place,
    method,
    onFraction,
    signal,
    ...(onMask && { onMask }),
    ...(explained && { explained }),
  };
  const found = await scoreItem(work, config);
  return { ...name, method: method.label, label: sample.label, ...found };
}
