import type { Manifest } from '../manifest/manifest';
import type { CachedCheck } from '../model/check/cache';
import type { FileFacts, ModelCheck } from '../model/check/types';
import type { VideoModel } from '../model/videoModel';
import { table } from './output';

/** A model's check with its table and warnings. */
export interface ModelCheckReport extends ModelCheck {
  /** Why the model does not run in bfloat16; null if it does. */
  bfloat16: string | null;
  table: [string, string][];
  warnings: readonly string[];
}

/** Reports a model's check, and tries whether the model runs in bfloat16. */
export async function reportModelCheck(model: VideoModel, signal: AbortSignal): Promise<ModelCheckReport> {
  const { bfloat16Problem } = await import('../model/check/bfloat16.js');
  const { checkTable } = await import('../model/check/table.js');
  const bfloat16 = await bfloat16Problem(model, signal);
  const { manifest, check, file, warnings } = model;
  return { ...check, bfloat16, table: checkTable(manifest, check, file, bfloat16), warnings };
}

/** The same of a check that was kept, without the model. */
export async function reportKeptCheck(
  manifest: Manifest,
  cached: CachedCheck,
  file: FileFacts,
  device: string,
): Promise<ModelCheckReport | null> {
  const { knownBfloat16Problem } = await import('../model/check/bfloat16.js');
  const bfloat16 = knownBfloat16Problem(cached, device);
  if (bfloat16 === undefined) return null;
  const { check } = cached;
  const { checkTable } = await import('../model/check/table.js');
  const { modelWarnings } = await import('../model/check/warnings.js');
  const warnings = modelWarnings(manifest, check, file);
  return { ...check, bfloat16, table: checkTable(manifest, check, file, bfloat16), warnings };
}

/** The report as text lines: the table, then the warnings. */
export function describeModelCheck({ table: rows, warnings }: ModelCheckReport): string[] {
  return [table([['CHECK', 'FOUND'], ...rows]), ...warnings.map((warning) => `warning: ${warning}`)];
}
