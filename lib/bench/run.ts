import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset } from '../datasets/types';
import { FepError, messageOf } from '../errors';
import { type LoadModelOptions, loadModel } from '../model/loadModel';
import type { VideoModel } from '../model/videoModel';
import type { BenchCallOptions, BenchResult } from './bench';
import type { ClipKeeper } from './clipKeeper';
import { ClipReader } from './clipReader';
import type { BenchConfig, BenchModel } from './config';
import { type Item, itemsOf } from './items';
import { Journal } from './journal';
import { openItems, ProgressMeter } from './progress';
import type { BenchFailure, BenchRecord } from './record';
import { scoreItem, type Work } from './scoring';
import { type Shard, shardFile } from './shard';
import { writeResults } from './writeResults';

/** A shard of a bench whose folder is claimed. */
interface Plan {
  options: BenchCallOptions;
  config: BenchConfig;
  dataset: Dataset;
  models: BenchModel[];
  shard: Shard;
  keeper: ClipKeeper;
}

/** What a run writes to and reports to. */
interface Desk {
  plan: Plan;
  results: Journal<BenchRecord>;
  /** Those of earlier runs and of this one. */
  records: BenchRecord[];
  errors: Journal<BenchFailure>;
  meter: ProgressMeter;
  clips: ClipReader;
}

/** Does what is left to do of a shard; of a whole bench it writes the tables as well. */
export async function runShard(plan: Plan): Promise<BenchResult> {
  const { options, config, dataset, models, shard } = plan;
  const { out, onProgress, signal } = options;
  const errorFile = join(out, shardFile('errors', shard));
  await rm(errorFile, { force: true }); // what failed is tried again
  const results = new Journal<BenchRecord>(join(out, shardFile('results', shard)));
  const errors = new Journal<BenchFailure>(errorFile);
  try {
    const items = itemsOf(config, dataset, shard);
    const open = openItems(items, results.lines);
    const meter = new ProgressMeter(items.length, open, results.lines, onProgress);
    const records = [...results.lines];
    const desk = { plan, results, records, errors, meter, clips: new ClipReader(signal) };
    for (const model of models) {
      const own = open.filter((item) => item.model === model.name);
      if (own.length > 0) await runModel(model, own, desk);
    }
    const files = shard.of === 1 ? await writeResults(out, config) : [];
    const failed = errors.written;
    return { out, items: items.length, computed: open.length - failed, failed, files };
  } finally {
    results.close();
    errors.close();
    if (errors.written === 0) await rm(errorFile, { force: true });
  }
}

async function runModel({ path }: BenchModel, items: Item[], desk: Desk): Promise<void> {
  const model = await loadModel(path, loadOptions(desk.plan));
  try {
    for (const [i, item] of items.entries()) {
      await runItem(item, model, desk);
      if (items[i + 1]?.place !== item.place) await desk.plan.keeper.tidy(desk.records);
    }
  } finally {
    model.dispose();
  }
}

function loadOptions({ config, options: { threads, signal } }: Plan): LoadModelOptions {
  return {
    device: config.device,
    precision: config.options.precision,
    foldBatchNorm: config.options.foldBatchNorm,
    ...(threads !== undefined && { threads }),
    ...(signal && { signal }),
  };
}

async function runItem(item: Item, model: VideoModel, desk: Desk): Promise<void> {
  desk.meter.begin(item);
  try {
    const record = await compute(item, model, desk);
    desk.results.append(record);
    desk.records.push(record);
  } catch (error) {
    settleFailure(item, error, desk);
  }
  desk.meter.finish();
}

async function compute(
  { sample, place, method }: Item,
  model: VideoModel,
  { plan: { config, options, keeper }, clips, meter }: Desk,
): Promise<BenchRecord> {
  const clip = await clips.read(sample, model);
  const onFraction = (fraction: number) => meter.at(fraction);
  const name = { model: model.manifest.name, sample: sample.id, place };
  const onMask: Work['onMask'] = (found, record, target) =>
    keeper.add(name, { clip, method, target, found, record });
  const work = {
    model,
    clip,
    label: sample.label,
    place,
    method,
    onFraction,
    onMask,
    signal: options.signal,
  };
  const found = await scoreItem(work, config);
  return { ...name, method: method.label, label: sample.label, ...found };
}

/** Notes a failure and lets the run go on, or ends it with the item's name. */
function settleFailure({ model, sample, place, method }: Item, error: unknown, desk: Desk): void {
  const { skipErrors, onRemark, signal } = desk.plan.options;
  const fep = error instanceof FepError ? error : undefined;
  if (fep?.code === 'FEP_ABORTED' || signal?.aborted) throw error;
  const code = fep?.code ?? 'FEP_INTERNAL';
  const message = messageOf(error);
  const item = `${model}, ${sample.id}, ${method.label}`;
  if (!skipErrors) {
    throw new FepError(code, `${item}: ${message}`, {
      cause: error,
      hint: fep?.hint ?? 'Mend it, or go on without it: --skip-errors.',
    });
  }
  onRemark?.(`failed: ${item}: ${message}`);
  desk.errors.append({ model, sample: sample.id, place, method: method.label, code, message });
}
