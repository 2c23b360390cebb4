import { FepError } from '../../errors/fepError';
import { DETERMINISTIC_X264, type EncodeSettings, rational } from '../encodeSettings';
import { start } from './run';

/**
 * Encodes T×H×W×3 bytes to an H.264 MP4 with the ffmpeg on PATH, as `encodeWithNodeAv` does.
 *
 * @throws FepError `FEP_DECODER_MISSING`, `FEP_IO`
 */
export async function encodeWithFfmpeg(
  path: string,
  frames: Uint8Array,
  settings: EncodeSettings,
): Promise<void> {
  const running = start('ffmpeg', encodeArguments(path, settings));
  running.process.stdin.end(Buffer.from(frames.buffer, frames.byteOffset, frames.byteLength));
  const { code, complaint } = await running.ended;
  if (code === 0) return;
  throw new FepError('FEP_IO', `ffmpeg could not write the video: ${complaint}`, {
    hint: 'The ffmpeg on PATH must have libx264; or install the optional package node-av.',
  });
}

function encodeArguments(path: string, settings: EncodeSettings): string[] {
  const { num, den } = rational(settings.fps);
  const input = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${settings.width}x${settings.height}`];
  const colours = [
    '-colorspace',
    'smpte170m',
    '-color_range',
    'tv',
    '-color_primaries',
    'bt709',
    '-color_trc',
    'bt709',
  ];
  const scale = 'scale=out_color_matrix=bt601:out_range=tv:flags=bicubic+accurate_rnd+full_chroma_inp';
  return [
    '-v',
    'error',
    '-y',
    ...input,
    '-r',
    `${num}/${den}`,
    '-i',
    'pipe:0',
    '-vf',
    scale,
    '-c:v',
    'libx264',
    '-crf',
    String(settings.crf),
    '-preset',
    settings.preset,
    '-threads',
    '1',
    '-x264-params',
    DETERMINISTIC_X264,
    '-pix_fmt',
    settings.pixelFormat,
    ...colours,
    '-movflags',
    '+faststart',
    '-f',
    'mp4',
    path,
  ];
}
