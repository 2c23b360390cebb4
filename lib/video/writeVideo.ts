import { extname } from 'node:path';
import { FepError } from '../errors/fepError';
import { writeAtomically } from '../files/atomicFile';
import type { Decoder } from '../frames/readOptions';
import { byDecoder } from './decoder';
import type { EncodeSettings } from './encodeSettings';
import { encodeWithFfmpeg } from './ffmpegCli/encode';
import { encodeOnWorker } from './nodeAv/onWorker';
import { evenFrames } from './padding';
import { writeAnimation } from './writeAnimation';

/** How to write a video. */
export interface WriteVideoOptions {
  height: number;
  width: number;
  /** Frames per second, default 25. */
  fps?: number;
  /**
   * Constant rate factor of H.264, 1 (almost lossless) to 51, default 18. 0 is lossless except for chroma
   * subsampling, but browsers do not play it. For `.webp`, the quality is 100 − 2·crf; `.gif` ignores it.
   */
  crf?: number;
  /** Encoder effort, default `medium`. */
  preset?: EncodeSettings['preset'];
  /** Default `yuv420p`. `yuv444p` keeps colour at full resolution, but browsers do not play it. */
  pixelFormat?: EncodeSettings['pixelFormat'];
  decoder?: Decoder;
}

/**
 * Writes frames atomically as `.mp4` (H.264, yuv420p, fast start: plays in every browser), `.gif` or `.webp`. H.264
 * requires even sides: an odd side grows by one, repeating the last row or column.
 *
 * @param frames T×H×W×3 RGB bytes
 * @throws FepError `FEP_USAGE`, `FEP_SHAPE`, `FEP_IO`, `FEP_DECODER_MISSING`
 */
export async function writeVideo(
  path: string,
  frames: Uint8Array,
  options: WriteVideoOptions,
): Promise<void> {
  const settings = settingsOf(frames, options);
  const extension = extname(path).toLowerCase();
  if (extension === '.gif' || extension === '.webp')
    return writeAtomically(path, (temporary) => writeAnimation(temporary, extension, frames, settings));
  if (extension !== '.mp4')
    throw new FepError('FEP_USAGE', `Videos are written as .mp4, .gif or .webp, not as '${extension}'.`);
  const even = evenFrames(frames, settings);
  await writeAtomically(path, (temporary) =>
    byDecoder(
      options.decoder,
      () => encodeOnWorker(temporary, even.data, even.settings),
      () => encodeWithFfmpeg(temporary, even.data, even.settings),
    ),
  );
}

function settingsOf(data: Uint8Array, options: WriteVideoOptions): EncodeSettings {
  const { height, width, fps = 25, crf = 18, preset = 'medium', pixelFormat = 'yuv420p' } = options;
  const frames = data.length / (height * width * 3);
  if (!Number.isInteger(frames) || frames < 1)
    throw new FepError(
      'FEP_SHAPE',
      `${data.length} bytes are not a whole number of ${height}×${width}×3 frames.`,
    );
  if (!(fps > 0 && fps <= 1000))
    throw new FepError('FEP_USAGE', `fps is ${fps}, expected more than 0, at most 1000.`);
  if (!(crf >= 0 && crf <= 51)) throw new FepError('FEP_USAGE', `crf is ${crf}, expected 0 to 51.`);
  return { frames, height, width, fps, crf, preset, pixelFormat };
}
