import { FepError } from '../../errors/fepError';
import { DEFAULT_FPS } from '../../frames/picture';
import { type ContainerFacts, parseDurationTag } from '../truncation';
import { closeInput, type Input, openInput, rateOf } from './input';
import type { NodeAv, Packet } from './library';

/** What the packets of a file tell without decoding. */
export interface PacketScan {
  /** Video packets that become frames. */
  count: number;
  /** Those of them that the demuxer reports as damaged. */
  corrupt: number;
  fps: number;
  facts: ContainerFacts;
}

/** @throws FepError `FEP_CLIP_DECODE`, `FEP_ABORTED` */
export function scanPackets(ffmpeg: NodeAv, path: string, stopped: () => boolean): PacketScan {
  const input = openInput(ffmpeg, path);
  const { constants } = ffmpeg;
  const seen = { count: 0, corrupt: 0, discarded: 0, times: [] as number[], keyTimes: [] as number[] };
  let othersEnd: number | undefined;
  try {
    const clocks = input.format.streams.map(({ timeBase }) => timeBase.num / timeBase.den);
    forEachPacket(ffmpeg, input, stopped, (packet) => {
      const clock = clocks[packet.streamIndex] ?? 0;
      const time = packet.pts === constants.AV_NOPTS_VALUE ? undefined : Number(packet.pts) * clock;
      if (packet.streamIndex !== input.stream.index) {
        if (time !== undefined) othersEnd = Math.max(othersEnd ?? 0, time + Number(packet.duration) * clock);
      } else if (packet.flags & constants.AV_PKT_FLAG_DISCARD) {
        seen.discarded++;
      } else {
        seen.count++;
        if (packet.flags & constants.AV_PKT_FLAG_CORRUPT) seen.corrupt++;
        if (time === undefined) return true;
        seen.times.push(time);
        if (packet.flags & constants.AV_PKT_FLAG_KEY) seen.keyTimes.push(time);
      }
      return true;
    });
    const facts = { ...containerFacts(ffmpeg, input, seen.discarded), othersEnd };
    const fps = rateOf(input.stream) ?? DEFAULT_FPS;
    const times = seen.times.sort((a, b) => a - b);
    return {
      count: seen.count,
      corrupt: seen.corrupt,
      fps,
      facts: { ...facts, times, keyTimes: seen.keyTimes },
    };
  } finally {
    closeInput(input);
  }
}

function containerFacts({ constants }: NodeAv, { format, stream }: Input, discarded: number) {
  return {
    format: format.iformat?.name ?? '',
    counted: Math.max(Number(stream.nbFrames) - discarded, 0),
    duration: format.duration === constants.AV_NOPTS_VALUE ? undefined : Number(format.duration) / 1e6,
    streamEnd: parseDurationTag(stream.metadata?.get('DURATION')),
    rate: ratio(stream.avgFrameRate),
  };
}

function ratio({ num, den }: { num: number; den: number }): number {
  return num > 0 && den > 0 ? num / den : 0;
}

/**
 * Reads the packets of all streams of a file while `visit` returns true.
 *
 * @param stopped called for every packet; true ends reading with `FEP_ABORTED`
 * @returns the code that ended the file
 */
export function forEachPacket(
  { av }: NodeAv,
  input: Input,
  stopped: () => boolean,
  visit: (packet: Packet) => boolean,
): number {
  const packet = new av.Packet();
  packet.alloc();
  try {
    for (;;) {
      if (stopped()) throw new FepError('FEP_ABORTED', 'Reading the clip was stopped.');
      const code = input.format.readFrameSync(packet);
      if (code < 0) return code;
      const keepReading = visit(packet);
      packet.unref();
      if (!keepReading) return 0;
    }
  } finally {
    packet.free();
  }
}
