import { FepError } from '../../errors/fepError';
import { DETERMINISTIC_X264, type EncodeSettings, rational } from '../encodeSettings';
import type { CodecContext, FormatContext, Frame, NodeAv, Packet, Stream } from './library';

interface Output {
  format: FormatContext;
  stream: Stream;
  encoder: CodecContext;
}

/**
 * Encodes T×H×W×3 bytes to an H.264 MP4, synchronously: call it on a worker thread.
 *
 * The video is BT.601 limited and tagged so: players respect the tag, and readers that ignore tags assume it.
 *
 * @param stopped called for every frame
 * @throws FepError `FEP_IO`, `FEP_ABORTED`
 */
export function encodeWithNodeAv(
  ffmpeg: NodeAv,
  path: string,
  frames: Uint8Array,
  settings: EncodeSettings,
  stopped: () => boolean = () => false,
): void {
  const output = openOutput(ffmpeg, path, settings);
  try {
    const size = settings.height * settings.width * 3;
    for (let t = 0; t < settings.frames; t++) {
      if (stopped()) throw new FepError('FEP_ABORTED', 'Writing the video was stopped.');
      const frame = toYuv(ffmpeg, frames.subarray(t * size, (t + 1) * size), settings);
      frame.pts = BigInt(t);
      check(ffmpeg, output.encoder.sendFrameSync(frame), 'encode');
      frame.free();
      writePackets(ffmpeg, output);
    }
    check(ffmpeg, output.encoder.sendFrameSync(null), 'encode');
    writePackets(ffmpeg, output);
    check(ffmpeg, output.format.writeTrailerSync(), 'finish');
  } finally {
    output.encoder.freeContext();
    output.format.closeOutputSync();
    output.format.freeContext();
  }
}

function openOutput(ffmpeg: NodeAv, path: string, settings: EncodeSettings): Output {
  const { av } = ffmpeg;
  const encoder = openEncoder(ffmpeg, settings);
  const format = new av.FormatContext();
  check(ffmpeg, format.allocOutputContext2(null, 'mp4', path), 'open');
  const stream = format.newStream(null);
  check(ffmpeg, stream.codecpar.fromContext(encoder), 'open');
  stream.timeBase = encoder.timeBase;
  stream.avgFrameRate = encoder.framerate;
  check(ffmpeg, format.openOutputSync(), 'open');
  check(ffmpeg, format.writeHeaderSync(av.Dictionary.fromObject({ movflags: '+faststart' })), 'open');
  return { format, stream, encoder };
}

function openEncoder(ffmpeg: NodeAv, settings: EncodeSettings): CodecContext {
  const { av, constants } = ffmpeg;
  const codec = av.Codec.findEncoderByName('libx264' as Parameters<typeof av.Codec.findEncoderByName>[0]);
  if (!codec) throw new FepError('FEP_DECODER_MISSING', 'This build of node-av has no H.264 encoder.');
  const { num, den } = rational(settings.fps);
  const encoder = new av.CodecContext();
  encoder.allocContext3(codec);
  encoder.width = settings.width;
  encoder.height = settings.height;
  encoder.pixelFormat = pixelFormat(ffmpeg, settings);
  encoder.timeBase = new av.Rational(den, num);
  encoder.framerate = new av.Rational(num, den);
  encoder.colorSpace = constants.AVCOL_SPC_SMPTE170M;
  encoder.colorRange = constants.AVCOL_RANGE_MPEG;
  encoder.colorPrimaries = constants.AVCOL_PRI_BT709;
  encoder.colorTrc = constants.AVCOL_TRC_BT709;
  encoder.threadCount = 1;
  encoder.setFlags(constants.AV_CODEC_FLAG_GLOBAL_HEADER);
  // Not through a Dictionary passed to open2: node-av 6.1 frees that twice.
  check(ffmpeg, encoder.setOption('preset', settings.preset), 'open');
  check(ffmpeg, encoder.setOption('crf', settings.crf), 'open');
  check(ffmpeg, encoder.setOption('x264-params', DETERMINISTIC_X264), 'open');
  check(ffmpeg, encoder.open2Sync(codec, null), 'open');
  return encoder;
}

function pixelFormat({ constants }: NodeAv, settings: EncodeSettings) {
  return settings.pixelFormat === 'yuv444p' ? constants.AV_PIX_FMT_YUV444P : constants.AV_PIX_FMT_YUV420P;
}

function toYuv(ffmpeg: NodeAv, rgb: Uint8Array, settings: EncodeSettings): Frame {
  const { av, constants } = ffmpeg;
  const { width, height } = settings;
  const bytes = Buffer.from(rgb.buffer, rgb.byteOffset, rgb.byteLength);
  const source = av.Frame.fromVideoBuffer(bytes, { width, height, format: constants.AV_PIX_FMT_RGB24 });
  const target = new av.Frame();
  target.alloc();
  target.format = pixelFormat(ffmpeg, settings);
  target.width = width;
  target.height = height;
  target.colorSpace = constants.AVCOL_SPC_SMPTE170M;
  target.colorRange = constants.AVCOL_RANGE_MPEG;
  check(ffmpeg, target.getBuffer(0), 'convert');
  const scaler = new av.SoftwareScaleContext();
  scaler.allocContext();
  scaler.setOption(
    'sws_flags',
    constants.SWS_BICUBIC | constants.SWS_ACCURATE_RND | constants.SWS_FULL_CHR_H_INP,
  );
  check(ffmpeg, scaler.scaleFrameSync(target, source), 'convert');
  scaler.freeContext();
  source.free();
  return target;
}

function writePackets(ffmpeg: NodeAv, { format, stream, encoder }: Output): void {
  const { av, constants } = ffmpeg;
  const packet: Packet = new av.Packet();
  packet.alloc();
  for (;;) {
    const code = encoder.receivePacketSync(packet);
    if (code === constants.AVERROR_EAGAIN || code === constants.AVERROR_EOF) break;
    check(ffmpeg, code, 'encode');
    packet.streamIndex = stream.index;
    packet.rescaleTs(encoder.timeBase, stream.timeBase);
    check(ffmpeg, format.interleavedWriteFrameSync(packet), 'write');
  }
  packet.free();
}

function check({ av }: NodeAv, code: number, step: string): void {
  if (code >= 0) return;
  throw new FepError('FEP_IO', `The video could not be written (${step}): ${av.FFmpegError.strerror(code)}.`);
}
