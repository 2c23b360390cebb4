import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset } from '../../datasets/types';
import type { ClipKeeper } from '../kept/clipKeeper';
import { removeTorn } from '../kept/keptClips';
import type { BenchConfig, BenchModel } from '../settings/config';
import type { ResolvedOptions } from '../settings/options';
import { type Shard, shardFile } from '../settings/shard';
import type { BenchCallOptions, BenchResult } from '../settings/types';
import { writeResults } from '../table/writeResults';
import { type Item, itemsOf } from './items';
import { Journal } from './journal';
import { openItems } from './progress';
import type { BenchFailure, BenchRecord } from './record';

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
export interface ShardRun {
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

/** Computes the open items of a run and notes what comes of them. */
export type RunItems = (run: ShardRun) => Promise<void>;

/** Does what is left to do of a shard; of a whole bench it writes the tables as well. */
export async function runShard(plan: Plan, runItems: RunItems): Promise<BenchResult> {
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
    const total = items.length;
    await runItems({ plan, total, open, results, records: [...results.lines], errors });
    const files = shard.of === 1 ? await writeResults(out, config) : [];
    const failed = errors.written;
    return { out, items: items.length, computed: open.length - failed, failed, files };
  } finally {
    results.close();
    errors.close();
    if (errors.written === 0) await rm(errorFile, { force: true });
  }
}
