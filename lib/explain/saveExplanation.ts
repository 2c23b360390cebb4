import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { versions } from '../binding/versions';
import type { Clip } from '../clip/types';
import type { BoxMask } from '../datasets/types';
import { removeAbandoned, writeAtomically } from '../files/atomicFile';
import { withLock } from '../files/lock';
import { makeFolder } from '../files/makeFolder';
import { writeNpy } from '../files/npy';
import { sha256OfFile } from '../files/sha256';
import { savedViews } from '../model/averageViews';
import { shippedModels } from '../model/shipped';
import type { VideoModel } from '../model/videoModel';
import { defined } from '../options/defined';
import { type OverlayFormat, overlayFormats } from '../report/overlayFormats';
import { writeReport } from '../report/writeReport';
import { hashesOf } from './hashes';
import { requireOrigin } from './origin';
import { reportInput } from './reportInput';
import { searchSummary } from './searchSummary';
import type { Explanation, MaskExplanation } from './types';

/** Raised when `result.json` changes in a way that readers have to know. */
export const RESULT_SCHEMA_VERSION = 1;

/** What is known of a clip beside its explanation. */
export interface SaveOptions {
  /** Where the actor is, to be drawn over the clip in the report. */
  boxes?: BoxMask | null;
  /** What the overlay animation is written as, one format or several: `mp4` (the default), `gif`, `webp`. */
  overlayFormat?: OverlayFormat | readonly OverlayFormat[];
}

/** Where one mask's files were written. */
export interface SavedExplanation {
  /** Null for a saliency method. */
  area: number | null;
  /** Folder that holds the files. */
  folder: string;
  mask: string;
  result: string;
  /** The animation in the first format that was asked for, and in each. */
  overlay: string;
  overlays: string[];
  sheet: string;
  report: string;
}

/**
 * Writes `mask.npy`, `result.json`, `overlay.<format>`, `sheet.png` and `report.html` into a folder; with several areas
 * into one folder for each, `area-<a>`. Every file appears whole or not at all, `result.json` last: a folder
 * without one is unfinished. Of two processes that write into one folder, one waits for the other.
 *
 * @throws FepError `FEP_USAGE` for a format that there is not, or a clip or model that is not the explanation's, `FEP_IO`, `FEP_DECODER_MISSING` when no `.mp4` can be
 *   written
 */
export async function saveExplanation(
  folder: string,
  model: VideoModel,
  clip: Clip,
  explanation: Explanation,
  options: SaveOptions = {},
): Promise<SavedExplanation[]> {
  overlayFormats(options.overlayFormat); // refuses a wrong one before anything is written
  requireOrigin(model, clip, explanation);
  const saved: SavedExplanation[] = [];
  for (const mask of explanation.masks) {
    const target = explanation.masks.length === 1 ? folder : join(folder, `area-${mask.area}`);
    await makeFolder(target);
    const save = () => saveMask(target, model, clip, explanation, mask, options);
    saved.push(await withLock(join(target, '.result.lock'), save));
  }
  return saved;
}

async function saveMask(
  folder: string,
  model: VideoModel,
  clip: Clip,
  explanation: Explanation,
  mask: MaskExplanation,
  { boxes = null, overlayFormat }: SaveOptions,
): Promise<SavedExplanation> {
  await removeAbandoned(folder);
  const result = join(folder, 'result.json');
  await rm(result, { force: true }); // of an earlier run: it would vouch for files that are no longer its own
  const maskFile = join(folder, 'mask.npy');
  await writeNpy(maskFile, { data: mask.mask, shape: [clip.frames, clip.height, clip.width] });
  const shown = { ...reportInput(model, clip, explanation, mask), boxes };
  const files = await writeReport(folder, shown, overlayFormats(overlayFormat));
  const json = `${JSON.stringify(await resultJson(model, clip, explanation, mask), null, 2)}\n`;
  await writeAtomically(result, (temporary) => writeFile(temporary, json));
  return { area: mask.area, folder, mask: maskFile, result, ...files };
}

/** What `result.json` holds. */
export async function resultJson(
  model: VideoModel,
  clip: Clip,
  explanation: Explanation,
  mask: MaskExplanation,
) {
  const { config, target, predicted, timing, search } = explanation;
  const { tensor, averageOver } = model.manifest.output;
  const { input } = (model.views?.of ?? model).manifest;
  return {
    schemaVersion: RESULT_SCHEMA_VERSION,
    method: config.method,
    config,
    area: mask.area,
    model: {
      name: model.manifest.name,
      architecture: model.manifest.architecture,
      file: fileOf(model),
      sha256: await sha256OfFile(model.path),
      input,
      activation: model.manifest.output.activation,
      ...defined({ tensor, averageOver }),
      check: model.check,
      warnings: model.warnings,
    },
    device: model.device,
    precision: model.precision,
    threads: model.threads,
    ...model.form,
    ...(model.views && savedViews(model.views)),
    clip: {
      source: clip.source,
      ...(clip.range && { range: clip.range }),
      ...(clip.framesPattern !== undefined && { framesPattern: clip.framesPattern }),
      ...(clip.sample && { sample: clip.sample }),
      frames: clip.indices,
      sourceFrames: clip.sourceFrames,
      warnings: clip.warnings,
    },
    target: { index: target.index, name: target.name },
    probability: mask.probability,
    predicted: { original: predicted, explained: mask.predicted },
    realisedArea: mask.realisedArea,
    realisedAreaAtHalf: mask.realisedAreaAtHalf,
    energy: mask.energy,
    ...(search && { search: searchSummary(search) }),
    ...(mask.details && { details: mask.details }),
    sha256: hashesOf(mask.mask, explanation, clip, model),
    timing,
    versions: versions(),
    seed: config.seed,
  };
}

/** A shipped model is named, so that another machine finds its own copy. */
function fileOf({ path }: VideoModel): string {
  return shippedModels().find((shipped) => shipped.path === path)?.name ?? path;
}
