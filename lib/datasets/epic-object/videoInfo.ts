import type { Size } from '../../clip/resize';
import { type CsvRow, readCsv } from '../csv';
import { findFile } from '../findClip';
import { datasetError } from '../problems';

const FILE = 'EPIC_video_info.csv';

/** No video of EPIC-Kitchens is less high; frames that are were scaled down. */
const LOWEST = 720;

/** What `EPIC_video_info.csv` says of a video. */
export interface VideoInfo {
  /** Its own size. */
  size: Size;
  /** Frames a second, where the table has them. */
  rate: number | undefined;
}

/**
 * What is known of the videos, by id, from `EPIC_video_info.csv` of EPIC-Kitchens' annotations (`video`, `resolution` as
 * `1920x1080`, maybe `fps`) in the folder; empty when it is not there.
 *
 * @throws FepError `FEP_DATASET`
 */
export async function readVideoInfo(root: string): Promise<Map<string, VideoInfo>> {
  const file = findFile(FILE, [root]);
  const rows = file ? await readCsv(file, ['video', 'resolution']) : [];
  return new Map(rows.map(({ where, cells }) => [cells.video!, parseInfo(where, cells)]));
}

function parseInfo(where: string, { resolution = '', fps = '' }: CsvRow['cells']): VideoInfo {
  const [, width, height] = /^(\d+)x(\d+)$/.exec(resolution) ?? [];
  if (!width) throw datasetError(where, `the resolution is ${resolution}, expected e.g. 1920x1080`);
  const rate = fps === '' ? undefined : Number(fps);
  if (rate !== undefined && !(rate > 0 && rate < Number.POSITIVE_INFINITY))
    throw datasetError(where, `the fps is ${fps}, expected e.g. 59.94`);
  return { size: { height: Number(height), width: Number(width) }, rate };
}

/**
 * The size that a video's boxes refer to: the known one, else that of the frames there are.
 *
 * @throws FepError `FEP_DATASET` when the frames were scaled down and nobody says from what
 */
export function sizeDrawnOn(id: string, known: Size | undefined, frames: Size): Size {
  if (known || frames.height >= LOWEST) return known ?? frames;
  throw datasetError(
    id,
    `its frames are ${frames.width}×${frames.height}, smaller than the videos that boxes were drawn on`,
    `Put ${FILE} of the annotations of EPIC-Kitchens beside the list: it has the videos' own sizes.`,
  );
}
