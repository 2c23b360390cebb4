import { FepError } from '../../errors/fepError';
import { ALPHA_WARNING, type Picture, type SourceSummary } from '../../frames/picture';
import { type Selection, selectFrames, selectionWarnings } from '../../frames/sampling';
import { orient, orientationOf, SKEWED_WARNING } from '../orientation';
import { promiseWarning } from '../promise';
import { hasVariableRate, VARIABLE_RATE_WARNING } from '../timing';
import { Converter } from './converter';
import { closeInput, type Input, openInput } from './input';
import type { Frame, NodeAv, Packet } from './library';
import { forEachPacket, scanPackets } from './packets';

/** The one who asked for the frames. */
export interface Taker {
  emit(picture: Picture, index: number): void;
  /** Asked at every packet; true makes the decoding end with `FEP_ABORTED`. */
  stopped: () => boolean;
}

/** What one pass over the file saw. */
interface Pass {
  /** Frames that came out of the decoder. */
  frames: number;
  /** Presentation times, where the file has them. */
  times: number[];
  /** Packets the decoder refused, frames it could not make and frames it had to mend. */
  errors: number;
}

/** A decoder that fails this often in a row without asking for more is given up on for the packet. */
const MOST_FAILURES = 64;

/**
 * Decodes the wanted frames of a video, synchronously: to be run on a worker thread.
 *
 * The number of frames is only known after decoding them all. So packets are counted first, which is quick, the
 * frames wanted by that count are kept in the first pass, and a second pass fetches those still missing where the
 * count was wrong.
 *
 * @throws FepError `FEP_CLIP_DECODE`, `FEP_USAGE`, `FEP_ABORTED`
 */
export function decodeWithNodeAv(
  ffmpeg: NodeAv,
  path: string,
  selection: Selection,
  taker: Taker,
): SourceSummary {
  const packets = scanPackets(ffmpeg, path, taker.stopped);
  const reader = new Reader(ffmpeg, path, taker);
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
    // Where the pass saw a part only, the packets say what the rest is like.
    const times = stoppedEarly ? packets.facts.times : pass.times;
    if (hasVariableRate(times)) warnings.push(VARIABLE_RATE_WARNING);
    const damaged = Math.max(pass.errors, packets.corrupt);
    if (damaged > 0)
      warnings.push(`The file is damaged: ${damaged} packets or frames could not be decoded cleanly.`);
    const broken = promiseWarning(packets.facts, frames);
    if (broken) warnings.push(broken);
    return { frames, indices, fps: packets.fps, warnings };
  } finally {
    reader.free();
  }
}

/** Passes over one file, each of which emits the frames that no pass before it did. */
class Reader {
  private readonly emitted = new Set<number>();
  private readonly converter: Converter;
  private readonly frame: Frame;
  private skewed = false;

  constructor(
    private readonly ffmpeg: NodeAv,
    private readonly path: string,
    private readonly taker: Taker,
  ) {
    this.converter = new Converter(ffmpeg);
    this.frame = new ffmpeg.av.Frame();
    this.frame.alloc();
  }

  /** Decodes until `end` frames or the end of the file, and not at all when nothing is missing. */
  read(indices: number[], end = Number.POSITIVE_INFINITY): Pass {
    const missing = new Set(indices.filter((index) => !this.emitted.has(index)));
    const pass: Pass = { frames: 0, times: [], errors: 0 };
    if (this.emitted.size > 0 && missing.size === 0) return pass;
    const input = openInput(this.ffmpeg, this.path);
    const { constants } = this.ffmpeg;
    try {
      const goOn = () => pass.frames < end;
      const ended = forEachPacket(this.ffmpeg, input, this.taker.stopped, (packet) => {
        if (packet.streamIndex === input.stream.index) this.decode(input, packet, pass, missing, end);
        return goOn();
      });
      if (ended < 0 && ended !== constants.AVERROR_EOF && ended !== constants.AVERROR_EAGAIN) pass.errors++;
      if (goOn()) this.decode(input, null, pass, missing, end);
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

  /** Gives the decoder a packet, null at the end of the file, and takes all frames that it has by then. */
  private decode(input: Input, packet: Packet | null, pass: Pass, missing: Set<number>, end: number): void {
    const { constants } = this.ffmpeg;
    const sent = input.decoder.sendPacketSync(packet);
    if (sent < 0 && sent !== constants.AVERROR_EOF) pass.errors++;
    let failures = 0;
    while (pass.frames < end && failures < MOST_FAILURES) {
      const code = input.decoder.receiveFrameSync(this.frame);
      if (code === constants.AVERROR_EAGAIN || code === constants.AVERROR_EOF) return;
      // What could not be decoded may have frames behind it: as ffmpeg does, go on until there is none.
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
    this.taker.emit(this.upright(input), index);
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
