import { FepError } from '../../errors/fepError';
import type { CodecContext, FormatContext, NodeAv, Stream } from './library';

/** An open file, its video stream and a decoder for it. */
export interface Input {
  format: FormatContext;
  stream: Stream;
  decoder: CodecContext;
}

/** Formats that FFmpeg would read as video although they are text or lists of files. */
const NOT_VIDEO = new Set(['tty', 'concat']);

/**
 * Opens the video stream of a local file.
 *
 * @throws FepError `FEP_CLIP_DECODE`
 */
export function openInput(ffmpeg: NodeAv, path: string): Input {
  const { av, constants } = ffmpeg;
  const format = new av.FormatContext();
  try {
    const options = av.Dictionary.fromObject({ protocol_whitelist: 'file' });
    const opened = format.openInputSync(`file:${path}`, null, options);
    if (opened < 0) throw undecodable(ffmpeg, path, opened);
    if (NOT_VIDEO.has(format.iformat?.name ?? '')) throw undecodable(ffmpeg, path);
    const found = format.findStreamInfoSync(null);
    if (found < 0) throw undecodable(ffmpeg, path, found);
    const stream = format.streams[format.findBestStream(constants.AVMEDIA_TYPE_VIDEO)];
    if (!stream || stream.hasDisposition(constants.AV_DISPOSITION_ATTACHED_PIC)) throw withoutVideo(path);
    return { format, stream, decoder: openDecoder(ffmpeg, path, stream) };
  } catch (error) {
    format.closeInputSync();
    throw error;
  }
}

export function closeInput({ format, decoder }: Input): void {
  decoder.freeContext();
  format.closeInputSync();
}

/** Frames per second of a stream; undefined if not specified. */
export function rateOf({ avgFrameRate, rFrameRate }: Stream): number | undefined {
  const rate = avgFrameRate.num > 0 ? avgFrameRate : rFrameRate;
  return rate.num > 0 && rate.den > 0 ? rate.num / rate.den : undefined;
}

/**
 * Frames per second of a file; undefined if not specified.
 *
 * @throws FepError `FEP_CLIP_DECODE`
 */
export function readRate(ffmpeg: NodeAv, path: string): number | undefined {
  const input = openInput(ffmpeg, path);
  try {
    return rateOf(input.stream);
  } finally {
    closeInput(input);
  }
}

function openDecoder(ffmpeg: NodeAv, path: string, stream: Stream): CodecContext {
  const codec = ffmpeg.av.Codec.findDecoder(stream.codecpar.codecId);
  if (!codec) {
    const name = ffmpeg.av.avGetCodecName(stream.codecpar.codecId);
    throw new FepError('FEP_CLIP_DECODE', `${path} is encoded as ${name}, for which there is no decoder.`);
  }
  const decoder = new ffmpeg.av.CodecContext();
  decoder.allocContext3(codec);
  decoder.parametersToContext(stream.codecpar);
  decoder.pktTimebase = stream.timeBase;
  // With more threads, damaged files decode to different frames, even between runs, and no decoder reports this
  // reliably.
  decoder.threadCount = 1;
  const opened = decoder.open2Sync(codec, null);
  if (opened >= 0) return decoder;
  decoder.freeContext();
  throw undecodable(ffmpeg, path, opened);
}

function withoutVideo(path: string): FepError {
  return new FepError('FEP_CLIP_DECODE', `${path} has no video stream.`);
}

function undecodable({ av }: NodeAv, path: string, code?: number): FepError {
  const why = code === undefined ? '' : `: ${av.FFmpegError.strerror(code)}`;
  return new FepError('FEP_CLIP_DECODE', `${path} is not a video that can be decoded${why}.`, {
    hint: 'A clip is a video file, a folder of pictures, a GIF or WebP, or a .npy array.',
  });
}
