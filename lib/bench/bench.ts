import { join } from 'node:path';
import { openDataset } from '../datasets/open';
import type { Dataset } from '../datasets/types';
import { FepError } from '../errors/fepError';
import { withLock } from '../files/lock';
import { ClipKeeper } from './kept/clipKeeper';
import { requireQueueUrl } from './queue/url';
import { runHere } from './run/runHere';
import { runShard } from './run/runShard';
import { findModels, resolveBench } from './settings/config';
import { claimFolder } from './settings/folder';
import { checkKeepClips, settleKeepClips } from './settings/keepClips';
import { parseBenchOptions, type ResolvedOptions } from './settings/options';
import { type Shard, shardFile, shardSchema, WHOLE } from './settings/shard';
import type { BenchCallOptions, BenchResult } from './settings/types';

/**
 * Compares methods: models × samples × methods, each scored by every metric.
 *
 * Every finished item is on the disk before the next begins. A bench that was interrupted, even killed, goes on when
 * it is called again with the same options and folder, and comes to the same tables.
 *
 * @throws FepError `FEP_USAGE` for options out of range, or when the folder holds another bench, naming what differs;
 *   what reading, loading and explaining throw, with the item's name; `FEP_QUEUE_MISSING`, `FEP_QUEUE_UNREACHABLE`;
 *   `FEP_ABORTED`
 */
export async function bench(options: BenchCallOptions): Promise<BenchResult> {
  const {
    out,
    shard: part,
    queue,
    skipErrors: _,
    keepClips,
    threads: __,
    onProgress: ___,
    onRemark,
    signal,
    ...given
  } = options;
  const resolved = parseBenchOptions(given);
  checkKeepClips(keepClips);
  const shard = parseShard(part);
  checkQueue(options);
  const models = await findModels(resolved.models);
  const dataset = await openSamples(resolved, options);
  const config = await resolveBench(resolved, models, dataset);
  await claimFolder(out, config);
  const keeper = new ClipKeeper(out, config, await settleKeepClips(out, queue === undefined ? keepClips : 0));
  const lock = join(out, `.${shardFile('results', shard)}.lock`);
  const onWait = () => onRemark?.(`Another run works on ${out}; waiting for it to end.`);
  const plan = { options, resolved, config, dataset, models, shard, keeper };
  const runItems = queue === undefined ? runHere : (await import('./queue/runOnQueue.js')).runOnQueue;
  return withLock(lock, () => runShard(plan, runItems), { signal, onWait });
}

/** What a queue cannot be asked for. */
function checkQueue({ queue, shard, keepClips, batch }: BenchCallOptions): void {
  if (queue === undefined) return;
  requireQueueUrl(queue);
  if (batch !== undefined) {
    throw new FepError('FEP_USAGE', 'A queue hands out one clip after the other, not batches.', {
      hint: 'Leave out --batch, or divide the bench with --shard.',
    });
  }
  if (shard !== undefined) {
    throw new FepError('FEP_USAGE', 'A bench is divided into shards or by a queue, not both.', {
      hint: 'Leave out --shard: the workers of a queue share what there is to do.',
    });
  }
  if (!keepClips) return;
  throw new FepError('FEP_USAGE', 'Masks are not kept over a queue: they stay with the workers.', {
    hint: 'Leave out --keep-clips, or divide the bench with --shard.',
  });
}

function parseShard(shard: Shard = WHOLE): Shard {
  const result = shardSchema.safeParse(shard);
  if (result.success) return result.data;
  throw new FepError('FEP_USAGE', `There is no shard ${JSON.stringify(shard)}.`, {
    hint: 'Shards are counted from 1/n to n/n.',
  });
}

async function openSamples(
  { data, split, classes, limit, dataSeed, difficulty }: ResolvedOptions,
  { skipErrors, signal, onRemark }: BenchCallOptions,
): Promise<Dataset> {
  const part = { split, classes, limit, seed: dataSeed, difficulty };
  const dataset = await openDataset(data, { ...part, skipErrors, signal });
  for (const { where, message } of dataset.problems) onRemark?.(`left out: ${where}: ${message}`);
  if (dataset.samples.length > 0) return dataset;
  throw new FepError('FEP_USAGE', `The data set ${data} has no sample that fits.`, {
    hint: 'Check --split, --classes and --limit.',
  });
}
