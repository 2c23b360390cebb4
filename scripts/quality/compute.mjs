// Runs the rows' benches, whole or a part of each; parts are put together once all are there.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bench, mergeBenches } from '../../dist/index.mjs';
import { say } from '../run.mjs';
import { benchOf, folderOf, ROWS } from './settings.mjs';

/** @returns whether all clips of all rows are done */
export async function computeRows(shard) {
  const [index, of] = (shard ?? '').split('/').map(Number);
  for (const row of ROWS) {
    say(`${row.name} ${shard ?? ''}`);
    if (shard === undefined && (await joinParts(row))) continue;
    await bench({ ...benchOf(row), ...(shard !== undefined && { shard: { index, of }, threads: 1 }) });
  }
  return shard === undefined;
}

/** A row that was computed in parts. @returns whether it was */
async function joinParts(row) {
  const folder = folderOf(row);
  if (!existsSync(folder) || existsSync(join(folder, 'results.jsonl'))) return false;
  if (!readdirSync(folder).some((name) => /^results-\d+-of-\d+\.jsonl$/.test(name))) return false;
  await mergeBenches([folder], folder);
  return true;
}
