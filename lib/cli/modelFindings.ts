import type { ModelCheck } from '../model/check/types';
import type { VideoModel } from '../model/videoModel';
import { table } from './output';

/** What the check of a model said, and what it means. */
export interface CheckFindings extends ModelCheck {
  /** Null where the model runs in bfloat16, else why it does not. */
  bfloat16: string | null;
  table: [string, string][];
  warnings: readonly string[];
}

/** Looks at a model once more, whether it runs in bfloat16. */
export async function findingsOf(model: VideoModel, signal: AbortSignal): Promise<CheckFindings> {
  const { bfloat16Problem } = await import('../model/check/bfloat16.js');
  const { checkTable } = await import('../model/check/table.js');
  const bfloat16 = await bfloat16Problem(model, signal);
  const { manifest, check, file, warnings } = model;
  return { ...check, bfloat16, table: checkTable(manifest, check, file, bfloat16), warnings };
}

/** As a table, and what follows from it. */
export function describeFindings({ table: rows, warnings }: CheckFindings): string[] {
  return [table([['CHECK', 'FOUND'], ...rows]), ...warnings.map((warning) => `warning: ${warning}`)];
}
