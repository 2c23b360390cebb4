import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchConfig } from '../settings/config';
import { type Shard, shardFile } from '../settings/shard';
import { readJournal } from './journal';
import { type BenchFailure, type BenchRecord, itemKey } from './record';

/** What one shard, or a whole bench, came to. */
export interface BenchResults {
  records: BenchRecord[];
  failures: BenchFailure[];
}

/** @throws FepError `FEP_IO` when a file is broken */
export function readResults(folder: string, shard: Shard): BenchResults {
  return {
    records: readOptional<BenchRecord>(join(folder, shardFile('results', shard))),
    failures: readOptional<BenchFailure>(join(folder, shardFile('errors', shard))),
  };
}

function readOptional<Line extends object>(path: string): Line[] {
  return existsSync(path) ? readJournal<Line>(path) : [];
}

/** In the order of models, samples and methods, each item once: so no interruption or shard leaves a trace. */
export function inOrder<Line extends Pick<BenchRecord, 'model' | 'place' | 'method'>>(
  lines: readonly Line[],
  { models, methods }: BenchConfig,
): Line[] {
  const once = new Map([...lines].reverse().map((line) => [itemKey(line), line]));
  const model = new Map(models.map(({ name }, i) => [name, i]));
  const method = new Map(methods.map(({ label }, i) => [label, i]));
  return [...once.values()].sort(
    (a, b) =>
      model.get(a.model)! - model.get(b.model)! ||
      a.place - b.place ||
      method.get(a.method)! - method.get(b.method)!,
  );
}
