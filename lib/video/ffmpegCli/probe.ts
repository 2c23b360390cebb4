import { z } from 'zod';
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

const ENTRIES =
  'packet=pts,flags:format=format_name:stream=pix_fmt,avg_frame_rate,r_frame_rate,nb_frames:stream_disposition=attached_pic';

/** @throws FepError `FEP_CLIP_DECODE`, `FEP_DECODER_MISSING` */
export async function probe(path: string, signal?: AbortSignal): Promise<Probe> {
  const args = [
    '-v',
    'error',
    '-protocol_whitelist',
    'file',
    '-select_streams',
    'V:0',
    '-show_entries',
    ENTRIES,
  ];
  const { code, text, complaint } = await output('ffprobe', [...args, '-of', 'json', `file:${path}`], signal);
  if (code !== 0) throw undecodable(path, complaint);
  const { packets, streams, format } = parse(path, text);
  const [stream] = streams;
  if (['tty', 'concat'].includes(format.format_name)) throw undecodable(path, 'it is text');
  if (!stream || stream.disposition?.attached_pic)
    throw new FepError('FEP_CLIP_DECODE', `${path} has no video stream.`);
  const shown = packets.filter(({ flags }) => !flags.includes('D'));
  const times = shown.flatMap(({ pts }) => pts ?? []).sort((a, b) => a - b);
  return {
    pixelFormat: stream.pix_fmt ?? '',
    fps: fraction(stream.avg_frame_rate) ?? fraction(stream.r_frame_rate) ?? DEFAULT_FPS,
    packets: shown.length,
    promised: Math.max(Number(stream.nb_frames ?? 0) - (packets.length - shown.length), 0),
    times,
  };
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
