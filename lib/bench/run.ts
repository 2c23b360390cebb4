import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset } from '../datasets/types';
import type { VideoModel } from '../model/videoModel';
import type { BenchCallOptions, BenchResult } from './bench';
import type { ClipKeeper } from './clipKeeper';
import { ClipReader } from './clipReader';
import { computeItem, loadForBench } from './computeItem';
import type { BenchConfig, BenchModel } from './config';
import { type Item, itemsOf } from './items';
import { Journal } from './journal';
import { removeTorn } from './keptClips';
import type { ResolvedOptions } from './options';
import { openItems, ProgressMeter } from './progress';
import type { BenchFailure, BenchRecord } from './record';
import { settleFailure } from './settleFailure';
import { type Shard, shardFile } from './shard';
import { SideBySide } from './sideBySide';
import { writeResults } from './writeResults';

/** A shard of a bench whose folder is claimed. */
interface Plan {
  options: BenchCallOptions;
  resolved: ResolvedOptions;
  config: BenchConfig;
  dataset: Dataset;
  models: BenchModel[];
  shard: Shard;
  keeper: ClipKeeper;
}

/** What a run has to do, and where its results go. */
export interface Desk {
  plan: Plan;
  /** Number of the shard's items. */
  total: number;
  /** Those that are left to do, in their order. */
  open: readonly Item[];
  results: Journal<BenchRecord>;
  /** Those of earlier runs and of this one. */
  records: BenchRecord[];
  errors: Journal<BenchFailure>;
}

/** Does what is left to do of a shard; of a whole bench it writes the tables as well. */
export async function runShard(plan: Plan): Promise<BenchResult> {
  const { options, config, dataset, shard } = plan;
  const { out } = options;
  await removeTorn(out);
  const errorFile = join(out, shardFile('errors', shard));
  await rm(errorFile, { force: true }); // what failed is tried again
  const results = new Journal<BenchRecord>(join(out, shardFile('results', shard)));
  const errors = new Journal<BenchFailure>(errorFile);
  try {
    const items = itemsOf(config, dataset, shard);
    const open = openItems(items, results.lines);
    const desk = { plan, total: items.length, open, results, records: [...results.lines], errors };
    const run = options.queue === undefined ? runHere : (await import('../queue/runOnQueue.js')).runOnQueue;
    await run(desk);
    const files = shard.of === 1 ? await writeResults(out, config) : [];
    const failed = errors.written;
    return { out, items: items.length, computed: open.length - failed, failed, files };
  } finally {
    results.close();
    errors.close();
    if (errors.written === 0) await rm(errorFile, { force: true });
  }
}

/** Computes the open items in this process, one after the other. */
async function runHere(desk: Desk): Promise<void> {
  const { plan, total, open, results } = desk;
  const meter = new ProgressMeter(total, open, results.lines, plan.options.onProgress);
  const clips = new ClipReader(plan.options.signal, plan.config.options.batch);
  const sideBySide = new SideBySide(plan.config, plan.dataset, clips, plan.options);
  for (const { name, path } of plan.models) {
    const own = open.filter((item) => item.model === name);
    if (own.length === 0) continue;
    const model = await loadForBench(path, plan.config, plan.options);
    for (const warning of model.warnings) plan.options.onRemark?.(`${name}: ${warning}`);
    try {
      for (const [i, item] of own.entries()) {
        await runItem(item, model, desk, { meter, clips, sideBySide });
        if (own[i + 1]?.place !== item.place) await plan.keeper.tidy(desk.records);
      }
    } finally {
      model.dispose();
    }
  }
}

async function runItem(
  item: Item,
  model: VideoModel,
  { plan: { config, options, keeper }, results, records, errors }: Desk,
  { meter, clips, sideBySide }: { meter: ProgressMeter; clips: ClipReader; sideBySide: SideBySide },
): Promise<void> {
  const surroundings = { config, clips, signal: options.signal, keeper, sideBySide };
  meter.begin(item);
  try {
    const record = await computeItem(item, model, surroundings, (fraction) => meter.at(fraction));
    results.append(record);
    records.push(record);
  } catch (error) {
    settleFailure(item, error, options, errors);
  }
  meter.finish();
}
