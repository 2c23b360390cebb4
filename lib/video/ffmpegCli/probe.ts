import { resolve } from 'node:path';
import { z } from 'zod';
import { abortedError, type ReadOptions } from '../../clip/options';
import { DEFAULT_FPS } from '../../clip/picture';
import { FepError, messageOf } from '../../errors';
import { output } from './run';

const probeSchema = z.object({
  packets: z.array(z.object({ pts: z.number().optional(), flags: z.string().default('') })).default([]),
  streams: z
    .array(
      z.object({
        pix_fmt: z.string().optional(),
        avg_frame_rate: z.string().default('0/0'),
        r_frame_rate: z.string().default('0/0'),
        nb_frames: z.string().optional(),
        disposition: z.object({ attached_pic: z.number().default(0) }).optional(),
      }),
    )
    .default([]),
  format: z.object({ format_name: z.string().default('') }).default({ format_name: '' }),
});

export interface Probe {
  pixelFormat: string;
  fps: number;
  /** Packets that become frames. */
  packets: number;
  /** Frames the container speaks of, 0 when it does not. */
  promised: number;
  /** Presentation times, ascending. */
  times: number[];
}

const STREAM_ENTRIES =
  'format=format_name:stream=pix_fmt,avg_frame_rate,r_frame_rate,nb_frames:stream_disposition=attached_pic';

/** @throws FepError `FEP_CLIP_DECODE`, `FEP_DECODER_MISSING` */
export async function probe(path: string, signal?: AbortSignal): Promise<Probe> {
  const { packets, stream } = await describe(path, `packet=pts,flags:${STREAM_ENTRIES}`, signal);
  const shown = packets.filter(({ flags }) => !flags.includes('D'));
  const times = shown.flatMap(({ pts }) => pts ?? []).sort((a, b) => a - b);
  return {
    pixelFormat: stream.pix_fmt ?? '',
    fps: rateOf(stream) ?? DEFAULT_FPS,
    packets: shown.length,
    promised: Math.max(Number(stream.nb_frames ?? 0) - (packets.length - shown.length), 0),
    times,
  };
}

/**
 * Frames per second of a video; undefined where it does not say.
 *
 * @throws FepError `FEP_CLIP_DECODE`, `FEP_DECODER_MISSING`, `FEP_ABORTED`
 */
export async function probeRate(file: string, { signal }: ReadOptions): Promise<number | undefined> {
  try {
    return rateOf((await describe(resolve(file), STREAM_ENTRIES, signal)).stream);
  } catch (error) {
    throw signal?.aborted ? abortedError(signal) : error;
  }
}

/** What ffprobe says of a video stream, as much of it as is asked for. */
async function describe(path: string, entries: string, signal: AbortSignal | undefined) {
  const video = ['-protocol_whitelist', 'file', '-select_streams', 'V:0', '-show_entries', entries];
  const args = ['-v', 'error', ...video, '-of', 'json', `file:${path}`];
  const { code, text, complaint } = await output('ffprobe', args, signal);
  if (code !== 0) throw undecodable(path, complaint);
  const { packets, streams, format } = parse(path, text);
  const [stream] = streams;
  if (['tty', 'concat'].includes(format.format_name)) throw undecodable(path, 'it is text');
  if (!stream || stream.disposition?.attached_pic)
    throw new FepError('FEP_CLIP_DECODE', `${path} has no video stream.`);
  return { packets, stream };
}

function parse(path: string, text: string): z.infer<typeof probeSchema> {
  try {
    return probeSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new FepError('FEP_CLIP_DECODE', `ffprobe could not describe ${path}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function rateOf(stream: { avg_frame_rate: string; r_frame_rate: string }): number | undefined {
  return fraction(stream.avg_frame_rate) ?? fraction(stream.r_frame_rate);
}

function fraction(text: string): number | undefined {
  const [num = 0, den = 0] = text.split('/').map(Number);
  return num > 0 && den > 0 ? num / den : undefined;
}

function undecodable(path: string, complaint: string): FepError {
  const why = complaint.split('\n')[0] ?? '';
  return new FepError('FEP_CLIP_DECODE', `${path} is not a video that can be decoded: ${why}`, {
    hint: 'A clip is a video file, a folder of pictures, a GIF or WebP, or a .npy array.',
  });
}
