import { FepError } from '../../errors/fepError';
import { ALPHA_WARNING, type Picture, type SourceSummary } from '../../frames/picture';
import { type Selection, selectFrames, selectionWarnings } from '../../frames/sampling';
import { orient, orientationOf, SKEWED_WARNING } from '../orientation';
import { hasVariableRate, VARIABLE_RATE_WARNING } from '../timing';
import { truncationWarning } from '../truncation';
import { Converter } from './converter';
import { closeInput, type Input, openInput } from './input';
import type { Frame, NodeAv, Packet } from './library';
import { forEachPacket, scanPackets } from './packets';

/** Receives the decoded frames. */
export interface FrameSink {
  emit(picture: Picture, index: number): void;
  /** Called for every packet; true ends decoding with `FEP_ABORTED`. */
  stopped: () => boolean;
}

/** Result of one pass over the file. */
interface Pass {
  /** Decoded frames. */
  frames: number;
  /** Presentation times, if the file has them. */
  times: number[];
  /** Packets rejected by the decoder, frames that could not be decoded and frames with concealed errors. */
  errors: number;
}

/** Consecutive failures of the decoder for one packet before the next packet is tried. */
const MOST_FAILURES = 64;

/**
 * Decodes the selected frames of a video, synchronously: call it on a worker thread.
 *
 * The number of frames is only known after decoding all of them. So packets are counted first, which is fast; the
 * first pass keeps the frames selected according to that count, and a second pass reads those still missing if the
 * count was wrong.
 *
 * @throws FepError `FEP_CLIP_DECODE`, `FEP_USAGE`, `FEP_ABORTED`
 */
export function decodeWithNodeAv(
  ffmpeg: NodeAv,
  path: string,
  selection: Selection,
  sink: FrameSink,
): SourceSummary {
  const packets = scanPackets(ffmpeg, path, sink.stopped);
  const reader = new Reader(ffmpeg, path, sink);
  try {
    const guess = (selection.start ?? 0) < packets.count ? selectFrames(packets.count, selection) : [];
    const pass = reader.read(guess, selection.end);
    if (pass.frames === 0)
      throw new FepError('FEP_CLIP_DECODE', `${path} holds no frame that can be decoded.`);
    const stoppedEarly = selection.end !== undefined && pass.frames >= selection.end;
    const frames = stoppedEarly ? Math.max(packets.count, pass.frames) : pass.frames;
    const indices = selectFrames(frames, selection);
    reader.read(indices, indices.at(-1)! + 1);
    const warnings = [...selectionWarnings(frames, selection), ...reader.warnings()];
    // If only part of the file was decoded, use the times of the packets.
    const times = stoppedEarly ? packets.facts.times : pass.times;
    if (hasVariableRate(times)) warnings.push(VARIABLE_RATE_WARNING);
    const damaged = Math.max(pass.errors, packets.corrupt);
    if (damaged > 0)
      warnings.push(`The file is damaged: ${damaged} packets or frames could not be decoded cleanly.`);
    const broken = truncationWarning(packets.facts, frames);
    if (broken) warnings.push(broken);
    return { frames, indices, fps: packets.fps, warnings };
  } finally {
    reader.free();
  }
}

/** Passes over one file; each emits only the frames that no earlier pass emitted. */
class Reader {
  private readonly emitted = new Set<number>();
  private readonly converter: Converter;
  private readonly frame: Frame;
  private skewed = false;

  constructor(
    private readonly ffmpeg: NodeAv,
    private readonly path: string,
    private readonly sink: FrameSink,
  ) {
    this.converter = new Converter(ffmpeg);
    this.frame = new ffmpeg.av.Frame();
    this.frame.alloc();
  }

  /** Decodes until `end` frames or the end of the file; does nothing if no frame is missing. */
  read(indices: number[], end = Number.POSITIVE_INFINITY): Pass {
    const missing = new Set(indices.filter((index) => !this.emitted.has(index)));
    const pass: Pass = { frames: 0, times: [], errors: 0 };
    if (this.emitted.size > 0 && missing.size === 0) return pass;
    const input = openInput(this.ffmpeg, this.path);
    const { constants } = this.ffmpeg;
    try {
      const keepReading = () => pass.frames < end;
      const ended = forEachPacket(this.ffmpeg, input, this.sink.stopped, (packet) => {
        if (packet.streamIndex === input.stream.index) this.decode(input, packet, pass, missing, end);
        return keepReading();
      });
      if (ended < 0 && ended !== constants.AVERROR_EOF && ended !== constants.AVERROR_EAGAIN) pass.errors++;
      if (keepReading()) this.decode(input, null, pass, missing, end);
      return pass;
    } finally {
      closeInput(input);
    }
  }

  warnings(): string[] {
    const warnings: string[] = [];
    if (this.converter.translucent) warnings.push(ALPHA_WARNING);
    if (this.converter.resized)
      warnings.push('The frames change size: all were scaled to the size of the first.');
    if (this.skewed) warnings.push(SKEWED_WARNING);
    return warnings;
  }

  free(): void {
    this.frame.free();
    this.converter.free();
  }

  /** Sends a packet to the decoder (null at the end of the file) and receives all frames available then. */
  private decode(input: Input, packet: Packet | null, pass: Pass, missing: Set<number>, end: number): void {
    const { constants } = this.ffmpeg;
    const sent = input.decoder.sendPacketSync(packet);
    if (sent < 0 && sent !== constants.AVERROR_EOF) pass.errors++;
    let failures = 0;
    while (pass.frames < end && failures < MOST_FAILURES) {
      const code = input.decoder.receiveFrameSync(this.frame);
      if (code === constants.AVERROR_EAGAIN || code === constants.AVERROR_EOF) return;
      // Frames may follow a decoding error: continue until there are none, as ffmpeg does.
      if (code < 0) {
        pass.errors++;
        failures++;
        continue;
      }
      this.visit(input, pass, missing);
      this.frame.unref();
    }
  }

  private visit(input: Input, pass: Pass, missing: Set<number>): void {
    const { constants } = this.ffmpeg;
    const index = pass.frames++;
    if (this.frame.hasFlags(constants.AV_FRAME_FLAG_CORRUPT) || this.frame.decodeErrorFlags !== 0)
      pass.errors++;
    const time = this.frame.bestEffortTimestamp;
    if (time !== constants.AV_NOPTS_VALUE) pass.times.push(Number(time));
    if (!missing.has(index)) return;
    this.emitted.add(index);
    this.sink.emit(this.upright(input), index);
  }

  private upright(input: Input): Picture {
    const { constants } = this.ffmpeg;
    const matrix =
      this.frame.getSideData(constants.AV_FRAME_DATA_DISPLAYMATRIX) ??
      input.stream.codecpar.getCodedSideData(constants.AV_PKT_DATA_DISPLAYMATRIX);
    const orientation = orientationOf(matrix);
    const picture = this.converter.convert(this.frame);
    if (orientation) return orient(picture, orientation);
    this.skewed = true;
    return picture;
  }
}
