import type { ReadOptions } from '../frames/readOptions';
import { byDecoder } from './decoder';
import { probeRate } from './ffmpegCli/probe';
import { rateOnWorker } from './nodeAv/rateOnWorker';

/**
 * Frames per second of a video file, by its header: the `fps` that decoding it gives.
 *
 * @returns undefined where the file does not say
 * @throws FepError `FEP_CLIP_DECODE`, `FEP_DECODER_MISSING`, `FEP_USAGE`, `FEP_ABORTED`
 */
export function videoRate(path: string, options: ReadOptions = {}): Promise<number | undefined> {
  return byDecoder(
    options.decoder,
    () => rateOnWorker(path, options),
    () => probeRate(path, options),
  );
}
