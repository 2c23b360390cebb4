import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { versions } from '../binding/versions';
import { writeAtomically } from '../files/atomicFile';
import { writeNpy } from '../files/npy';
import { sha256OfFile } from '../files/sha256';
import type { VideoModel } from '../model/videoModel';
import { pageHtml } from '../report/page/pageHtml';
import type { CompareSubject } from './compare';
import { comparisonDocument } from './comparisonDocument';
import { writeComparisonSheet } from './comparisonSheet';
import type { Comparison } from './types';

/** Raised when `result.json` changes in a way that readers have to know. */
export const COMPARISON_SCHEMA_VERSION = 1;

/** Where the files of a comparison were written. */
export interface SavedComparison {
  page: string;
  sheet: string;
  result: string;
  /** `.npy` of each method, float32 T×H×W, in the comparison's order. */
  masks: string[];
}

/**
 * Writes `compare.html`, `sheet.png`, `masks/<method>.npy` and `result.json` into a folder; every file appears whole
 * or not at all, `result.json` last.
 *
 * @throws FepError `FEP_IO`
 */
export async function saveComparison(
  folder: string,
  model: VideoModel,
  subject: CompareSubject,
  comparison: Comparison,
): Promise<SavedComparison> {
  const { clip, boxes = null } = subject;
  await mkdir(join(folder, 'masks'), { recursive: true });
  const masks = maskNames(comparison).map((name) => join(folder, 'masks', `${name}.npy`));
  for (const [i, { explanation }] of comparison.methods.entries()) {
    await writeNpy(masks[i]!, { data: explanation.mask, shape: [clip.frames, clip.height, clip.width] });
  }
  const sheet = join(folder, 'sheet.png');
  await writeComparisonSheet(sheet, comparison, clip, boxes, model.manifest.name);
  const page = join(folder, 'compare.html');
  const html = pageHtml(
    `${comparison.target.name} · ${comparison.methods.length} methods`,
    await comparisonDocument(model, subject, comparison),
  );
  await writeAtomically(page, (temporary) => writeFile(temporary, html));
  const result = join(folder, 'result.json');
  const json = `${JSON.stringify(await resultJson(model, subject, comparison, masks), null, 2)}\n`;
  await writeAtomically(result, (temporary) => writeFile(temporary, json));
  return { page, sheet, result, masks };
}

/** `3d-ep-13-23` of `3D-EP (13/23)`; numbered where two come to the same. */
function maskNames({ methods }: Comparison): string[] {
  const names = methods.map(({ label }) =>
    label
      .toLowerCase()
      .replaceAll('+', 'p')
      .replaceAll('²', '2')
      .replaceAll('×', 'x')
      .replace(/[^a-z0-9.]+/g, '-')
      .replace(/^-|-$/g, ''),
  );
  return names.map((name, i) => (names.indexOf(name) === i ? name : `${name}-${i}`));
}

async function resultJson(
  model: VideoModel,
  { clip }: CompareSubject,
  { options, target, predicted, label, views, methods }: Comparison,
  masks: string[],
) {
  return {
    schemaVersion: COMPARISON_SCHEMA_VERSION,
    options,
    model: {
      name: model.manifest.name,
      sha256: await sha256OfFile(model.path),
      check: model.check,
      warnings: model.warnings,
    },
    device: model.device,
    ...(views && { views }),
    clip: {
      source: clip.source,
      ...(clip.framesPattern !== undefined && { framesPattern: clip.framesPattern }),
      frames: clip.indices,
      sourceFrames: clip.sourceFrames,
      warnings: clip.warnings,
    },
    target: { index: target.index, name: target.name },
    label,
    predicted,
    methods: methods.map(({ explanation, ...method }, i) => ({
      label: method.label,
      control: method.control,
      config: method.config,
      mask: masks[i]!.slice(masks[i]!.lastIndexOf('masks')),
      probability: explanation.probability,
      predicted: explanation.predicted,
      realisedArea: explanation.realisedArea,
      realisedAreaAtHalf: explanation.realisedAreaAtHalf,
      scores: method.scores,
      ...(explanation.details && { details: explanation.details }),
      timing: { seconds: method.seconds, scoringSeconds: method.scoringSeconds },
    })),
    versions: versions(),
  };
}
