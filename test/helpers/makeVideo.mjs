import * as constants from 'node-av/constants';
import * as av from 'node-av/lib';

av.Log.setLevel(constants.AV_LOG_QUIET);

const check = (code, step) => {
  if (code < 0) throw new Error(`${step}: ${av.FFmpegError.strerror(code)}`);
};

/** A bright block that moves over repeatable noise: planes of n-bit YUV, chroma divided by `across` and `down`. */
function fill(frame, t, { width, height, across, down, bits, noise: amount }) {
  let state = 12345 + t;
  const noise = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const bytes = bits > 8 ? 2 : 1;
  const strides = frame.linesize;
  frame.data.forEach((plane, p) => {
    if (!plane?.length) return;
    const [w, h] = p === 0 ? [width, height] : [Math.ceil(width / across), Math.ceil(height / down)];
    for (let y = 0; y < h; y++)
      for (let x = 0; x < w; x++) {
        const [u, v] = [x / w, y / h];
        const inside = Math.abs(u - 0.1 - (t % 20) * 0.04) < 0.12 && Math.abs(v - 0.5) < 0.2;
        const share = p === 0 ? (inside ? 0.85 : 0.2 + 0.4 * v) : (p === 1 ? u : 1 - v) * 0.6 + 0.2;
        const value = Math.round((share + (noise() - 0.5) * amount) * (2 ** bits - 1));
        const at = y * strides[p] + x * bytes;
        if (bytes === 2) plane.writeUInt16LE(value, at);
        else plane[at] = value;
      }
  });
}

function write(format, encoder, stream, packet) {
  for (;;) {
    const code = encoder.receivePacketSync(packet);
    if (code === constants.AVERROR_EAGAIN || code === constants.AVERROR_EOF) return;
    check(code, 'encode');
    packet.streamIndex = stream.index;
    packet.duration ||= 1n;
    packet.rescaleTs(encoder.timeBase, stream.timeBase);
    check(format.interleavedWriteFrameSync(packet), 'write');
  }
}

/**
 * Writes a video with node-av's own encoders.
 *
 * @param {string} path its ending is the container
 * @param {{codec?: string, frames?: number, fps?: number, width?: number, height?: number, pixelFormat?: number,
 *   across?: number, down?: number, bits?: number, gop?: number, bFrames?: number,
 *   noise?: number, options?: object, muxer?: object,
 *   times?: (n: number) => number, tune?: (encoder: object) => void}} settings
 */
export function makeVideo(path, settings = {}) {
  const { codec: name = 'libx264', frames = 40, fps = 10, width = 160, height = 128 } = settings;
  const { pixelFormat = constants.AV_PIX_FMT_YUV420P, across = 2, down = 2, bits = 8 } = settings;
  const {
    gop = 10,
    bFrames,
    options = {},
    muxer = {},
    noise = 0.08,
    times = (n) => n,
    tune = () => {},
  } = settings;
  const codec = av.Codec.findEncoderByName(name);
  if (!codec) throw new Error(`no encoder ${name}`);
  const encoder = new av.CodecContext();
  encoder.allocContext3(codec);
  Object.assign(encoder, { width, height, pixelFormat, threadCount: 1, gopSize: gop });
  encoder.timeBase = new av.Rational(1, fps);
  encoder.framerate = new av.Rational(fps, 1);
  if (bFrames !== undefined) encoder.maxBFrames = bFrames;
  const format = new av.FormatContext();
  check(format.allocOutputContext2(null, null, path), 'open');
  if (!/\.(ts|avi|mpg)$/.test(path)) encoder.setFlags(constants.AV_CODEC_FLAG_GLOBAL_HEADER);
  tune(encoder);
  for (const [key, value] of Object.entries(options)) check(encoder.setOption(key, value), key);
  check(encoder.open2Sync(codec, null), 'open encoder');
  const stream = format.newStream(null);
  check(stream.codecpar.fromContext(encoder), 'parameters');
  stream.timeBase = encoder.timeBase;
  stream.avgFrameRate = encoder.framerate;
  check(format.openOutputSync(), 'open output');
  check(format.writeHeaderSync(av.Dictionary.fromObject(muxer)), 'header');
  const packet = new av.Packet();
  packet.alloc();
  const frame = new av.Frame();
  for (let t = 0; t < frames; t++) {
    frame.alloc();
    Object.assign(frame, { width, height, format: pixelFormat, pts: BigInt(times(t)) });
    Object.assign(frame, { colorSpace: encoder.colorSpace, colorRange: encoder.colorRange });
    frame.chromaLocation = encoder.chromaLocation;
    check(frame.getBuffer(0), 'buffer');
    fill(frame, t, { width, height, across, down, bits, noise });
    check(encoder.sendFrameSync(frame), 'send');
    frame.unref();
    write(format, encoder, stream, packet);
  }
  check(encoder.sendFrameSync(null), 'flush');
  write(format, encoder, stream, packet);
  check(format.writeTrailerSync(), 'trailer');
  encoder.freeContext();
  format.closeOutputSync();
  format.freeContext();
  return path;
}
