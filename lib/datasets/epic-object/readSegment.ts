import { isMissingWarning } from '../../clip/numbering';
import type { Size } from '../../clip/resize';
import type { Clip } from '../../clip/types';
import type { ReadOptions } from '../../frames/readOptions';
import { startsTooLate } from '../../frames/sampling';
import type { ModelInput } from '../../manifest/manifest';
import { VARIABLE_RATE_WARNING } from '../../video/timing';
import { datasetError } from '../problems';
import { readAnnotated } from '../readAnnotated';
import type { AnnotatedClip } from '../types';
import { findFrames, type Videos } from './clipFrames';
import { formatRate, TABLE_RATE } from './frameRate';
import type { Segment } from './segments';
import { sizeDrawnOn } from './videoInfo';

/**
 * Reads the frames of a segment from its video or folder.
 *
 * @throws FepError as `readAnnotated`; `FEP_DATASET` if frames are missing or cannot be located by time
 */
export async function readSegment(
  videos: Videos,
  segment: Segment,
  input: ModelInput,
  options: ReadOptions,
): Promise<AnnotatedClip> {
  const { id, video, start, boxes } = segment;
  const frames = await findFrames(videos, segment, options);
  if (typeof frames === 'string') throw datasetError(id, frames);
  const { path, first, end, rate, numberOf, placeOf, reach } = frames;
  const size = videos.info.get(video)?.size;
  const annotation = {
    boxes,
    numberOf,
    placeOf,
    reach,
    drawnOn: (source: Size) => sizeDrawnOn(id, size, source),
  };
  const range = { start: first, end };
  const annotated = await readAnnotated(id, path, annotation, input, { ...options, ...range }).catch(
    (error: unknown) => {
      if (!startsTooLate(error)) throw error;
      throw datasetError(id, `it starts with frame ${start}, after the end of ${path}`, undefined, error);
    },
  );
  // All frames of the segment are present and were looked up by number.
  annotated.clip.warnings = annotated.clip.warnings.filter((warning) => !isMissingWarning(warning));
  if (rate !== null) checkTimes(segment, rate, annotated.clip);
  return annotated;
}

/** The last frame of the table may be displayed when the video ends, without a frame after it. */
function checkTimes({ id, stop }: Segment, rate: number, { sourceFrames, warnings }: Clip): void {
  if (((stop - 1) * rate) / TABLE_RATE >= sourceFrames)
    throw datasetError(id, `it ends with frame ${stop}, the video has ${describeLength(sourceFrames, rate)}`);
  if (warnings.includes(VARIABLE_RATE_WARNING))
    throw datasetError(
      id,
      `the frame rate of its video varies, so its frames cannot be matched to those of a table at ${TABLE_RATE} a second`,
      `Give the video a constant rate, e.g. with ffmpeg -i IN -r ${TABLE_RATE} OUT, or extract its frames.`,
    );
}

function describeLength(frames: number, rate: number): string {
  if (rate === TABLE_RATE) return `${frames} frames`;
  const resampled = Math.ceil((frames * TABLE_RATE) / rate);
  return `${frames} frames at ${formatRate(rate)} a second, ${resampled} at ${TABLE_RATE}`;
}
