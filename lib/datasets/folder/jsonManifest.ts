import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { messageOf } from '../../errors/fepError';
import type { FrameBoxes } from '../boxMask';
import { datasetError, type ProblemLog } from '../problems';
import type { FolderManifest, ManifestClip } from './manifest';

const boxSchema = z.strictObject({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });

const clipSchema = z.strictObject({
  path: z.string().min(1),
  label: z.string().min(1),
  split: z.string().optional(),
  /** One entry per frame: a box, several boxes, or null if the frame is not annotated. */
  boxes: z.array(z.union([boxSchema, z.array(boxSchema), z.null()])).nullish(),
});

const manifestSchema = z.object({
  classes: z.array(z.string().min(1)).min(1).optional(),
  clips: z.array(z.unknown()),
});

/**
 * Reads `{clips: [{path, label, split?, boxes?: [{x, y, width, height} | [several] | null, one per frame]}],
 * classes?}`. Invalid clips are logged.
 *
 * @throws FepError `FEP_DATASET`
 */
export async function readJsonManifest(path: string, log: ProblemLog): Promise<FolderManifest> {
  const name = basename(path);
  const { classes, clips } = await parseManifest(path, name);
  const read = clips.flatMap((clip, i): ManifestClip[] => {
    const where = `${name} clip ${i}`;
    const result = clipSchema.safeParse(clip);
    if (!result.success) log.add(where, z.prettifyError(result.error));
    return result.success ? [toClip(where, result.data)] : [];
  });
  return { clips: read, classes };
}

async function parseManifest(path: string, name: string) {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw datasetError(name, `it cannot be read as JSON: ${messageOf(error)}`, undefined, error);
  }
  const result = manifestSchema.safeParse(json);
  if (result.success) return result.data;
  throw datasetError(
    name,
    z.prettifyError(result.error),
    'It should be {"clips": [{"path", "label", "boxes"}]}.',
  );
}

function toClip(where: string, { path, label, split, boxes }: z.output<typeof clipSchema>): ManifestClip {
  if (!boxes) return { where, path, label, split, boxes: null };
  const byFrame = new Map<number, FrameBoxes>();
  boxes.forEach((ofFrame, frame) => {
    if (ofFrame) byFrame.set(frame, Array.isArray(ofFrame) ? ofFrame : [ofFrame]);
  });
  return { where, path, label, split, boxes: byFrame, frames: boxes.length };
}
