import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FrameBoxes } from '../boxMask';
import { type CsvRow, readCsv } from '../csv';
import type { ProblemLog } from '../problems';
import type { Box } from '../synthetic';
import type { FolderManifest, ManifestClip } from './manifest';

const BOXES = 'boxes.csv';

/**
 * Reads a table of `path,label` and optionally `split`, and beside it, if present, `boxes.csv` of
 * `path,frame,x,y,width,height`: one box per line, frames counted from 0, in pixels of the clip. A frame may have
 * several lines; a clip without any is not annotated. Invalid lines are logged.
 *
 * @throws FepError `FEP_DATASET`
 */
export async function readCsvManifest(path: string, log: ProblemLog): Promise<FolderManifest> {
  const rows = await readCsv(path, ['path', 'label']);
  const clips = rows.flatMap(({ where, fields }): ManifestClip[] => {
    const { path: file, label, split } = fields;
    if (file && label) return [{ where, path: file, label, split: split || undefined, boxes: null }];
    log.add(where, 'a path and a label are needed');
    return [];
  });
  const boxes = await readBoxes(join(dirname(path), BOXES), new Set(clips.map((clip) => clip.path)), log);
  return { clips: clips.map((clip) => ({ ...clip, boxes: boxes.get(clip.path) ?? null })) };
}

type BoxesByClip = Map<string, Map<number, FrameBoxes>>;

async function readBoxes(path: string, clips: Set<string>, log: ProblemLog): Promise<BoxesByClip> {
  const byClip: BoxesByClip = new Map();
  if (!existsSync(path)) return byClip;
  for (const row of await readCsv(path, ['path', 'frame', 'x', 'y', 'width', 'height'])) {
    const clip = row.fields.path!;
    const box = boxOf(row);
    if (!clips.has(clip)) log.add(row.where, `the manifest has no clip ${clip}`);
    else if (!box)
      log.add(row.where, 'frame must be a whole number from 0 on, x, y, width and height numbers');
    else append(byClip, clip, box);
  }
  return byClip;
}

function append(byClip: BoxesByClip, clip: string, { frame, ...box }: Box & { frame: number }): void {
  const frames = byClip.get(clip) ?? new Map<number, FrameBoxes>();
  frames.set(frame, [...(frames.get(frame) ?? []), box]);
  byClip.set(clip, frames);
}

function boxOf({ fields }: CsvRow): (Box & { frame: number }) | undefined {
  const [frame, x, y, width, height] = ['frame', 'x', 'y', 'width', 'height'].map((column) => {
    const text = fields[column];
    return text ? Number(text) : Number.NaN;
  }) as [number, number, number, number, number];
  const valid = [x, y, width, height].every(Number.isFinite) && Number.isSafeInteger(frame) && frame >= 0;
  return valid ? { frame, x, y, width, height } : undefined;
}
