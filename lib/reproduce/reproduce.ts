import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { versions } from '../binding/versions';
import { FepError } from '../errors/fepError';
import { explainPlanned } from '../evaluate/explainPlanned';
import type { MaskExplanation } from '../explain/types';
import { readNpy } from '../files/npy';
import { sha256OfArray, sha256OfFile } from '../files/sha256';
import { isMaskConfig } from '../methods/config';
import { averageViews } from '../model/averageViews';
import { findModel } from '../model/findModel';
import { loadModel } from '../model/loadModel';
import { formOf } from '../model/modelForm';
import { defined } from '../options/defined';
import { requireObject, requireString } from '../options/requireArguments';
import type { ReproduceOptions } from './options';
import { readAgain, requireSame } from './readAgain';
import { readResult, type SavedResult } from './resultFile';

/** How a result compares with the one that was computed anew. */
export interface Reproduction {
  /** The mask, to the last bit. */
  identical: boolean;
  /** Of two masks; null where `mask.npy` is no longer beside the result. */
  difference: { maximum: number; mean: number } | null;
  /** Φ_y(M ⊗ X), then and now. */
  explained: { before: number; now: number };
  /** What was used then and is not now, by name. */
  changed: { what: string; before: string; now: string }[];
}

/**
 * Computes a saved result once more, with the configuration that it records, and compares. On a CPU, with the same
 * versions and number of threads, the two are alike to the last bit; with several areas, where there is too little memory
 * for all at once, only if as many fit as then.
 *
 * @param path a `result.json`
 * @throws FepError `FEP_USAGE` when it is no result, when the model or the clip is not the one that it was made with; as
 *   `loadModel`, `readClip`, `openDataset` and `explain`
 */
export async function reproduce(path: string, options: ReproduceOptions = {}): Promise<Reproduction> {
  requireString(path, 'path');
  requireObject(options, 'options');
  const { onProgress, signal } = options;
  const saved = await readResult(path);
  const file = options.model ?? saved.model.file;
  const { input, activation, tensor, averageOver } = saved.model;
  const overrides = { input, activation, ...defined({ tensor, averageOver }) };
  await requireSameModel(file, saved, overrides);
  const { device, precision, threads } = saved;
  const model = await loadModel(file, {
    ...overrides,
    device,
    precision,
    threads,
    ...formOf(saved),
    ...(signal && { signal }),
  });
  try {
    const clip = await readAgain(saved, options);
    const explanation = await explainPlanned(
      averageViews(model, clip, { average: saved.views?.average }),
      { clip, boxes: null },
      // By its index: a class's name may need a list that is gone.
      { config: saved.config, target: saved.target.index, onProgress, signal },
    );
    const mask = ofArea(explanation.masks, saved);
    return {
      identical: sha256OfArray(mask.mask) === saved.sha256.mask,
      difference: await differenceFrom(path, mask.mask),
      explained: { before: saved.probability.explained, now: mask.probability.explained },
      changed: changes(saved.versions, versions()),
    };
  } finally {
    model.dispose();
  }
}

async function requireSameModel(
  file: string,
  saved: SavedResult,
  overrides: Parameters<typeof findModel>[1],
): Promise<void> {
  const { path } = await findModel(file, overrides);
  requireSame('model', saved.model.sha256, await sha256OfFile(path));
}

function ofArea(masks: MaskExplanation[], { config, area }: SavedResult): MaskExplanation {
  const place = isMaskConfig(config) && !config.search ? config.areas.indexOf(area ?? Number.NaN) : 0;
  const mask = masks[place];
  if (mask) return mask;
  throw new FepError('FEP_USAGE', `The result is of the area ${area}, its configuration has no such area.`);
}

async function differenceFrom(path: string, now: Float32Array): Promise<Reproduction['difference']> {
  const file = join(dirname(path), 'mask.npy');
  if (!existsSync(file)) return null;
  const { data: then } = await readNpy(file);
  if (then.length !== now.length) return null;
  let [maximum, sum] = [0, 0];
  for (let i = 0; i < now.length; i++) {
    const difference = Math.abs(now[i]! - then[i]!);
    maximum = Math.max(maximum, difference);
    sum += difference;
  }
  return { maximum, mean: sum / now.length };
}

function changes(then: Record<string, string>, now: Record<string, string>): Reproduction['changed'] {
  const names = [...new Set([...Object.keys(then), ...Object.keys(now)])];
  return names.flatMap((what) =>
    then[what] === now[what] ? [] : [{ what, before: then[what] ?? '–', now: now[what] ?? '–' }],
  );
}
