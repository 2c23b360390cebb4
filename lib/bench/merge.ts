import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { FepError } from '../errors/fepError';
import { writeAtomically } from '../files/atomicFile';
import { copyKept, removeTorn } from './kept/keptClips';
import { clipsOf, selectClips } from './kept/selectClips';
import { type BenchRecord, itemKey } from './run/record';
import { type BenchResults, inOrder, readResults } from './run/results';
import type { BenchConfig } from './settings/config';
import { claimFolder, readConfig, refuseChange } from './settings/folder';
import { type KeepClips, keepClipsIn, settleKeepClips } from './settings/keepClips';
import { isInShard, type Shard, shardFile, shardName, shardOfFile, WHOLE } from './settings/shard';
import type { BenchResult } from './settings/types';
import { writeResults } from './table/writeResults';

/**
 * Puts the shards of a bench together.
 *
 * @param folders that hold shards, one or several each
 * @param out folder that gets the tables and the clips' pages, those of a bench that was never divided
 * @throws FepError `FEP_USAGE` when the folders hold different benches, or not every shard, finished, naming what
 *   differs or is missing; `FEP_IO`
 */
export async function mergeBenches(folders: readonly string[], out: string): Promise<BenchResult> {
  const config = await commonConfig(folders);
  // A whole that is there already came from an earlier merge, and is made anew.
  const isEarlier = ({ folder, shard }: Part) => shard.of === 1 && resolve(folder) === resolve(out);
  const parts = folders.flatMap(partsIn).filter((part) => !isEarlier(part));
  checkShards(parts, config);
  const records = inOrder(
    parts.flatMap(({ results }) => results.records),
    config,
  );
  const found = new Set(records.map(itemKey));
  const failures = inOrder(
    parts.flatMap(({ results }) => results.failures).filter((failure) => !found.has(itemKey(failure))),
    config,
  );
  await claimFolder(out, config);
  await removeTorn(out);
  await settleKeepClips(out, await mostKept(folders));
  await gatherKept(out, parts, records, config);
  await writeLines(join(out, shardFile('results', WHOLE)), records);
  await writeLines(join(out, shardFile('errors', WHOLE)), failures);
  const files = await writeResults(out, config);
  const items = records.length + failures.length;
  return { out, items, computed: 0, failed: failures.length, files };
}

/** What the shards were told to keep; the most, where they were told differently. */
async function mostKept(folders: readonly string[]): Promise<KeepClips | undefined> {
  const kept = (await Promise.all(folders.map(keepClipsIn))).filter((keep) => keep !== undefined);
  if (kept.length === 0) return undefined;
  return kept.includes('all') ? 'all' : Math.max(...kept.map(Number));
}

/** Copies the masks of the clips that are worth a page in the whole. */
async function gatherKept(
  out: string,
  parts: readonly Part[],
  records: readonly BenchRecord[],
  config: BenchConfig,
): Promise<void> {
  const others = parts.filter(({ folder }) => resolve(folder) !== resolve(out));
  for (const clip of selectClips(clipsOf(records), config, (await keepClipsIn(out)) ?? 0)) {
    const own = others.filter(({ shard }) => isInShard(clip.place, shard, config.options.batch));
    for (const { folder } of own) await copyKept(folder, out, clip, config);
  }
}

/** A shard and where it lies. */
interface Part {
  folder: string;
  shard: Shard;
  results: BenchResults;
}

async function commonConfig([first, ...others]: readonly string[]): Promise<BenchConfig> {
  if (first === undefined) {
    throw new FepError('FEP_USAGE', 'There is nothing to merge.', {
      hint: 'Name the folders of the shards.',
    });
  }
  const config = await readConfig(first);
  for (const folder of others) refuseChange(first, config, await readConfig(folder), folder);
  return config;
}

function partsIn(folder: string): Part[] {
  return readdirSync(folder)
    .map(shardOfFile)
    .filter((shard) => shard !== undefined)
    .map((shard) => ({ folder, shard, results: readResults(folder, shard) }));
}

/** Every shard must be there, all of one division, and each finished. */
function checkShards(parts: readonly Part[], config: BenchConfig): void {
  const divisions = [...new Set(parts.map(({ shard }) => shard.of))];
  if (divisions.length !== 1) {
    const found = parts.map(({ folder, shard }) => `${shardName(shard)} in ${folder}`);
    throw new FepError(
      'FEP_USAGE',
      `These are not the shards of one division: ${found.join(', ') || 'there are none'}.`,
      { hint: 'Name the folders of the shards 1/n to n/n, and no other.' },
    );
  }
  const wanting = Array.from({ length: divisions[0]! }, (_, i) => ({ index: i + 1, of: divisions[0]! }))
    .map((shard) => ({ shard, missing: missingItems(shard, parts, config) }))
    .filter(({ missing }) => missing > 0);
  if (wanting.length === 0) return;
  throw new FepError(
    'FEP_USAGE',
    `Not everything is there: ${wanting.map(({ shard, missing }) => `shard ${shardName(shard)} lacks ${missing} items`).join(', ')}.`,
    { hint: 'Run these shards to their end, or name the folders that hold them.' },
  );
}

/** Items of a shard that neither finished nor failed. */
function missingItems(
  shard: Shard,
  parts: readonly Part[],
  { models, methods, samples, options }: BenchConfig,
): number {
  const own = parts.filter((part) => part.shard.index === shard.index);
  const lines = own.flatMap(({ results }) => [...results.records, ...results.failures]);
  const all = Array.from({ length: samples.count }, (_, i) => i);
  const places = all.filter((i) => isInShard(i, shard, options.batch));
  return places.length * models.length * methods.length - new Set(lines.map(itemKey)).size;
}

async function writeLines(path: string, lines: readonly object[]): Promise<void> {
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  await writeAtomically(path, (temporary) => writeFile(temporary, text));
}
