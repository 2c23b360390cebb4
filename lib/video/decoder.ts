import { FepError } from '../errors/fepError';
import type { Decoder } from '../frames/readOptions';
import { NodeAvUnavailable } from './nodeAv/pool';

const DECODERS: readonly string[] = ['auto', 'node-av', 'ffmpeg'] satisfies Decoder[];

/**
 * Runs one of two functions, depending on the requested decoder and which FFmpeg is available.
 *
 * @param wanted default: the environment variable `FEP_DECODER`, else `auto`
 * @throws FepError `FEP_USAGE`, `FEP_DECODER_MISSING`
 */
export async function byDecoder<Result>(
  wanted: Decoder | undefined,
  byNodeAv: () => Promise<Result>,
  byFfmpeg: () => Promise<Result>,
): Promise<Result> {
  const decoder = wanted ?? process.env.FEP_DECODER ?? 'auto';
  if (!DECODERS.includes(decoder))
    throw new FepError('FEP_USAGE', `The decoder '${decoder}' is not known: it is ${DECODERS.join(', ')}.`);
  if (decoder === 'ffmpeg') return byFfmpeg();
  try {
    return await byNodeAv();
  } catch (error) {
    if (!(error instanceof NodeAvUnavailable)) throw error;
    if (decoder === 'node-av') throw missing(error);
  }
  return byFfmpeg();
}

function missing(error: NodeAvUnavailable): FepError {
  return new FepError('FEP_DECODER_MISSING', `node-av could not be loaded: ${error.message}`, {
    cause: error,
    hint: 'Install it (npm install node-av), or leave the decoder on auto with ffmpeg on PATH.',
  });
}
