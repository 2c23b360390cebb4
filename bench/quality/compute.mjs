// Runs the rows' benches, whole or a part of each; parts are put together once all are there.
import { existsSync, readdirSync } from 'node:fs';
import { shardOfFile } from '../../dist/bench/shard.js';
import { bench, mergeBenches } from '../../dist/index.mjs';
import { say } from '../../scripts/run.mjs';
import { benchOf, folderOf, ROWS } from './settings.mjs';

/** @returns whether all clips of all rows are done */
export async function computeRows(shard) {
  for (const row of ROWS) {
    say(row.name);
    if (shard === undefined && (await joinParts(row))) continue;
    await bench({ ...benchOf(row), ...(shard && { shard, threads: 1 }) });
  }
  return shard === undefined;
}

/** A row that was computed in parts. @returns whether it was */
async function joinParts(row) {
  const folder = folderOf(row);
  const shards = existsSync(folder) ? readdirSync(folder).map(shardOfFile).filter(Boolean) : [];
  if (shards.length === 0 || shards.some(({ of }) => of === 1)) return false;
  await mergeBenches([folder], folder);
  return true;
}
