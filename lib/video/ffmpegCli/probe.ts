import { resolve } from 'node:path';
import { z } from 'zod';
import { FepError, messageOf } from '../../errors/fepError';
import { DEFAULT_FPS } from '../../frames/picture';
import { abortedError, type ReadOptions } from '../../frames/readOptions';
import { type Orientation, orientationOf } from '../orientation';
import { type ContainerFacts, parseDurationTag } from '../truncation';
import { output } from './run';

const packetSchema = z.object({
  pts_time: z.coerce.number().optional().catch(undefined),
  duration_time: z.coerce.number().default(0).catch(0),
  flags: z.string().default(''),
});

const streamSchema = z.object({
  pix_fmt: z.string().default(''),
  chroma_location: z.string().default(''),
  avg_frame_rate: z.string().default('0/0'),
  r_frame_rate: z.string().default('0/0'),
  nb_frames: z.string().optional(),
  disposition: z.object({ attached_pic: z.number().default(0) }).optional(),
  tags: z.object({ DURATION: z.string().optional() }).optional(),
  side_data_list: z.array(z.object({ displaymatrix: z.string().optional() })).default([]),
});

const probeSchema = z.object({
  packets: z.array(packetSchema).default([]),
  streams: z.array(streamSchema).default([]),
  format: z
    .object({
      format_name: z.string().default(''),
      nb_streams: z.number().default(1),
      duration: z.coerce.number().optional().catch(undefined),
    })
    .default({ format_name: '', nb_streams: 1 }),
});

type Probed = z.infer<typeof probeSchema>;

export interface Probe {
  pixelFormat: string;
  chromaLocation: string;
  /** How to rotate stored frames upright; undefined if the angle is not a multiple of 90°. */
  orientation: Orientation | undefined;
  fps: number;
  /** Packets that become frames. */
  packets: number;
  /** Packets that the demuxer reports as damaged; for very many, only the first ones. */
  corrupt: number;
  facts: ContainerFacts;
}

const VIDEO = ['-select_streams', 'V:0'];

const STREAM_ENTRIES = [
  'format=format_name,nb_streams,duration',
  'stream=pix_fmt,chroma_location,avg_frame_rate,r_frame_rate,nb_frames',
  'stream_disposition=attached_pic',
  'stream_tags=DURATION',
  'stream_side_data=displaymatrix',
].join(':');
const ENTRIES = `packet=pts_time,flags:${STREAM_ENTRIES}`;

/**
 * Frames per second of a video; undefined if it does not specify a rate.
 *
 * @throws FepError `FEP_CLIP_DECODE`, `FEP_DECODER_MISSING`, `FEP_ABORTED`
 */
export async function probeRate(file: string, { signal }: ReadOptions): Promise<number | undefined> {
  const path = resolve(file);
  try {
    return rateOf(videoStream(path, (await show(path, STREAM_ENTRIES, VIDEO, signal)).probed));
  } catch (error) {
    throw signal?.aborted ? abortedError(signal) : error;
  }
}

/** @throws FepError `FEP_CLIP_DECODE`, `FEP_DECODER_MISSING` */
export async function probe(path: string, signal?: AbortSignal): Promise<Probe> {
  const { probed, log } = await show(path, ENTRIES, VIDEO, signal);
  const { packets, format } = probed;
  const stream = videoStream(path, probed);
  const shown = packets.filter(({ flags }) => !flags.includes('D'));
  const facts: ContainerFacts = {
    format: format.format_name,
    counted: Math.max(Number(stream.nb_frames ?? 0) - (packets.length - shown.length), 0),
    duration: format.duration,
    streamEnd: parseDurationTag(stream.tags?.DURATION),
    rate: fraction(stream.avg_frame_rate) ?? 0,
    times: shown.flatMap(({ pts_time }) => pts_time ?? []).sort((a, b) => a - b),
    keyTimes: shown.flatMap(({ pts_time, flags }) => (flags.includes('K') ? (pts_time ?? []) : [])),
    othersEnd: undefined,
  };
  if (format.nb_streams > 1 && !facts.counted && facts.streamEnd === undefined)
    facts.othersEnd = await lastEnd(path, signal);
  return {
    pixelFormat: stream.pix_fmt,
    chromaLocation: stream.chroma_location,
    orientation: orientationOf(displayMatrix(stream)),
    fps: rateOf(stream) ?? DEFAULT_FPS,
    packets: shown.length,
    corrupt: log.split('\n').filter((line) => line.includes('Packet corrupt')).length,
    facts,
  };
}

function videoStream(path: string, { streams, format }: Probed): Probed['streams'][number] {
  const [stream] = streams;
  if (['tty', 'concat'].includes(format.format_name)) throw undecodable(path, 'it is text');
  if (stream && !stream.disposition?.attached_pic) return stream;
  throw new FepError('FEP_CLIP_DECODE', `${path} has no video stream.`);
}

/** End of the last packet of any stream, in seconds. */
async function lastEnd(path: string, signal?: AbortSignal): Promise<number> {
  const { probed } = await show(path, 'packet=pts_time,duration_time', [], signal);
  return probed.packets.reduce(
    (end, { pts_time = 0, duration_time }) => Math.max(end, pts_time + duration_time),
    0,
  );
}

/** The matrix, which ffprobe prints as three lines of an address and three numbers. */
function displayMatrix({ side_data_list }: Probed['streams'][number]): Uint8Array | null {
  const text = side_data_list.find(({ displaymatrix }) => displaymatrix)?.displaymatrix;
  if (text === undefined) return null;
  const numbers = text
    .trim()
    .split('\n')
    .flatMap((line) => line.replace(/^.*:/, '').trim().split(/\s+/).map(Number));
  return new Uint8Array(Int32Array.from(numbers).buffer);
}

async function show(
  path: string,
  entries: string,
  select: string[],
  signal: AbortSignal | undefined,
): Promise<{ probed: Probed; log: string }> {
  const args = ['-v', 'level+warning', '-protocol_whitelist', 'file', ...select, '-show_entries', entries];
  const { code, text, complaint } = await output('ffprobe', [...args, '-of', 'json', `file:${path}`], signal);
  if (code !== 0) throw undecodable(path, firstError(complaint));
  return { probed: parse(path, text), log: complaint };
}

/** The first error in a log with levels. */
function firstError(log: string): string {
  const line = log.split('\n').find((text) => /\[(error|fatal|panic)\]/.test(text));
  return (line ?? log.split('\n')[0] ?? '').replace(/\[(error|fatal|panic)\] /, '');
}

function parse(path: string, text: string): Probed {
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

function undecodable(path: string, why: string): FepError {
  return new FepError('FEP_CLIP_DECODE', `${path} is not a video that can be decoded: ${why}`, {
    hint: 'A clip is a video file, a folder of pictures, a GIF or WebP, or a .npy array.',
  });
}
