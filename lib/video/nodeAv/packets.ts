import { FepError } from '../../errors/fepError';
import { DEFAULT_FPS } from '../../frames/picture';
import { type ContainerFacts, secondsOfTag } from '../promise';
import { closeInput, type Input, openInput, rateOf } from './input';
import type { NodeAv, Packet } from './library';

/** What a file's packets tell without being decoded. */
export interface PacketScan {
  /** Packets of the video that become frames. */
  count: number;
  /** Of these, such as the demuxer knows to be damaged. */
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
    streamEnd: secondsOfTag(stream.metadata?.get('DURATION')),
    rate: ratio(stream.avgFrameRate),
  };
}

function ratio({ num, den }: { num: number; den: number }): number {
  return num > 0 && den > 0 ? num / den : 0;
}

/**
 * Reads a file's packets of all streams, while `visit` says true.
 *
 * @param stopped asked at every packet; true ends the reading with `FEP_ABORTED`
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
      const goOn = visit(packet);
      packet.unref();
      if (!goOn) return 0;
    }
  } finally {
    packet.free();
  }
}
