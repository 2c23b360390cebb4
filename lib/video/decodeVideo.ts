import type { SourceSummary, TakePicture } from '../frames/picture';
import type { ReadOptions } from '../frames/readOptions';
import type { Selection } from '../frames/sampling';
import { byDecoder } from './decoder';
import { decodeWithFfmpeg } from './ffmpegCli/decode';
import { decodeOnWorker } from './nodeAv/onWorker';

/**
 * Decodes the selected frames of a video file and passes each to `take` once.
 *
 * @throws FepError `FEP_CLIP_DECODE`, `FEP_DECODER_MISSING`, `FEP_USAGE`, `FEP_ABORTED`
 */
export function decodeVideo(
  path: string,
  selection: Selection,
  take: TakePicture,
  options: ReadOptions = {},
): Promise<SourceSummary> {
  return byDecoder(
    options.decoder,
    () => decodeOnWorker(path, selection, take, options),
    () => decodeWithFfmpeg(path, selection, take, options),
  );
}
