import type { Size } from '../../clip/resize';
import { type CsvRow, readCsv } from '../csv';
import { findFile } from '../findClip';
import { datasetError } from '../problems';

const FILE = 'EPIC_video_info.csv';

/** Minimum height of the videos of EPIC-Kitchens; lower frames were scaled down. */
const LOWEST = 720;

/** The entry of a video in `EPIC_video_info.csv`. */
export interface VideoInfo {
  /** Original size. */
  size: Size;
  /** Frames per second, if the table has them. */
  rate: number | undefined;
}

/**
 * Reads `EPIC_video_info.csv` of the EPIC-Kitchens annotations (`video`, `resolution` as `1920x1080`, optionally
 * `fps`) from the folder, by video id; empty if there is no such file.
 *
 * @throws FepError `FEP_DATASET`
 */
export async function readVideoInfo(root: string): Promise<Map<string, VideoInfo>> {
  const file = findFile(FILE, [root]);
  const rows = file ? await readCsv(file, ['video', 'resolution']) : [];
  return new Map(rows.map(({ where, fields }) => [fields.video!, parseInfo(where, fields)]));
}

function parseInfo(where: string, { resolution = '', fps = '' }: CsvRow['fields']): VideoInfo {
  const [, width, height] = /^(\d+)x(\d+)$/.exec(resolution) ?? [];
  if (!width) throw datasetError(where, `the resolution is ${resolution}, expected e.g. 1920x1080`);
  const rate = fps === '' ? undefined : Number(fps);
  if (rate !== undefined && !(rate > 0 && rate < Number.POSITIVE_INFINITY))
    throw datasetError(where, `the fps is ${fps}, expected e.g. 59.94`);
  return { size: { height: Number(height), width: Number(width) }, rate };
}

/**
 * The size that the boxes of a video refer to: the listed one, else that of its frames.
 *
 * @throws FepError `FEP_DATASET` if the frames were scaled down and the original size is not listed
 */
export function sizeDrawnOn(id: string, known: Size | undefined, frames: Size): Size {
  if (known || frames.height >= LOWEST) return known ?? frames;
  throw datasetError(
    id,
    `its frames are ${frames.width}×${frames.height}, smaller than the videos that boxes were drawn on`,
    `Put ${FILE} of the annotations of EPIC-Kitchens beside the list: it has the videos' own sizes.`,
  );
}
