import type { ReadOptions } from '../frames/readOptions';
import { byDecoder } from './decoder';
import { probeRate } from './ffmpegCli/probe';
import { rateOnWorker } from './nodeAv/onWorker';

/**
 * Frames per second of a video file from its header: the same `fps` that decoding returns.
 *
 * @returns undefined if the file does not specify a rate
 * @throws FepError `FEP_CLIP_DECODE`, `FEP_DECODER_MISSING`, `FEP_USAGE`, `FEP_ABORTED`
 */
export function videoRate(path: string, options: ReadOptions = {}): Promise<number | undefined> {
  return byDecoder(
    options.decoder,
    () => rateOnWorker(path, options),
    () => probeRate(path, options),
  );
}
