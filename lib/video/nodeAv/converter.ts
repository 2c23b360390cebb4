import { FepError } from '../../errors/fepError';
import { overBlack, type Picture } from '../../frames/picture';
import { hasAlpha } from '../pixelFormat';
import type { Frame, NodeAv, SoftwareScaleContext } from './library';

/**
 * Converts decoded frames to RGB pictures of the size of the first one.
 *
 * swscale takes matrix and range from each frame; if unspecified, BT.601 limited, as ffmpeg does.
 */
export class Converter {
  private readonly scaler: SoftwareScaleContext;
  private readonly target: Frame;
  private size: { height: number; width: number } | undefined;
  /** Whether a frame of a different size was scaled to that of the first. */
  resized = false;
  /** Whether a pixel was not opaque and was composited over black. */
  translucent = false;

  constructor(private readonly ffmpeg: NodeAv) {
    this.scaler = new ffmpeg.av.SoftwareScaleContext();
    this.scaler.allocContext();
    this.target = new ffmpeg.av.Frame();
    this.target.alloc();
  }

  convert(frame: Frame): Picture {
    this.size ??= { height: frame.height, width: frame.width };
    const { height, width } = this.size;
    if (frame.height !== height || frame.width !== width) this.resized = true;
    const { av, constants } = this.ffmpeg;
    const alpha = hasAlpha(av.avGetPixFmtName(frame.format as Parameters<typeof av.avGetPixFmtName>[0]));
    this.target.unref();
    this.target.format = alpha ? constants.AV_PIX_FMT_RGBA : constants.AV_PIX_FMT_RGB24;
    this.target.height = height;
    this.target.width = width;
    // Rows must be padded: swscale corrupts the last columns of tightly packed rows.
    check(av, this.target.getBuffer(0));
    // Scale both fields together, as ffmpeg does; otherwise swscale rejects an interlaced source.
    frame.clearFlags(constants.AV_FRAME_FLAG_INTERLACED);
    check(av, this.scaler.scaleFrameSync(this.target, frame));
    const packed = this.packedRows(alpha ? 4 : 3);
    if (!alpha) return { data: packed, height, width };
    const { data, translucent } = overBlack(packed, height * width);
    this.translucent ||= translucent;
    return { data, height, width };
  }

  free(): void {
    this.target.free();
    this.scaler.freeContext();
  }

  private packedRows(channels: number): Uint8Array {
    const { height, width } = this.target;
    const plane = this.target.data![0]!;
    const stride = this.target.linesize[0]!;
    const row = width * channels;
    const data = new Uint8Array(height * row);
    for (let y = 0; y < height; y++) data.set(plane.subarray(y * stride, y * stride + row), y * row);
    return data;
  }
}

function check(av: NodeAv['av'], code: number): void {
  if (code >= 0) return;
  throw new FepError(
    'FEP_CLIP_DECODE',
    `A frame could not be turned into RGB: ${av.FFmpegError.strerror(code)}.`,
  );
}
