import { resolve } from 'node:path';
import { abortedError, type ReadOptions } from '../../clip/options';
import {
  ALPHA_WARNING,
  overBlack,
  type Picture,
  type SourceSummary,
  type TakePicture,
} from '../../clip/picture';
import { type Selection, selectFrames, selectionWarnings } from '../../clip/sampling';
import { FepError } from '../../errors';
import { hasAlpha } from '../pixelFormat';
import { hasVariableRate, VARIABLE_RATE_WARNING } from '../timing';
import { type PamPicture, PamReader } from './pamReader';
import { type Probe, probe } from './probe';
import { start } from './run';
import { passEveryFrame } from './version';

/**
 * Decodes the wanted frames of a video with the ffmpeg on PATH; the plan is that of `decodeWithNodeAv`.
 *
 * @throws FepError `FEP_DECODER_MISSING`, `FEP_CLIP_DECODE`, `FEP_USAGE`, `FEP_ABORTED`
 */
export async function decodeWithFfmpeg(
  file: string,
  selection: Selection,
  take: TakePicture,
  { signal }: ReadOptions,
): Promise<SourceSummary> {
  const path = resolve(file);
  const stream = await probe(path, signal).catch((error: unknown) => {
    throw signal?.aborted ? abortedError(signal) : error;
  });
  const reader = new Reader(path, stream, take, signal);
  const guess = (selection.start ?? 0) < stream.packets ? selectFrames(stream.packets, selection) : [];
  const seen = await reader.read(guess, selection.end);
  if (seen === 0)
    throw new FepError('FEP_CLIP_DECODE', `${path} holds no frame that can be decoded: ${reader.complaint}`);
  const stoppedEarly = selection.end !== undefined && seen >= selection.end;
  const frames = stoppedEarly ? Math.max(stream.packets, seen) : seen;
  const indices = selectFrames(frames, selection);
  await reader.read(indices, indices.at(-1)! + 1);
  return { frames, indices, fps: stream.fps, warnings: warningsOf(frames, selection, stream, reader) };
}

function warningsOf(frames: number, selection: Selection, stream: Probe, reader: Reader): string[] {
  const warnings = selectionWarnings(frames, selection);
  if (reader.translucent) warnings.push(ALPHA_WARNING);
  if (hasVariableRate(stream.times)) warnings.push(VARIABLE_RATE_WARNING);
  if (reader.complaint) warnings.push(`The file is damaged: ${reader.complaint.split('\n')[0]}`);
  if (frames < stream.promised)
    warnings.push(`The file promises ${stream.promised} frames, ${frames} could be decoded.`);
  return warnings;
}

/** Passes over one file, each of which takes the frames that no pass before it did. */
class Reader {
  private readonly taken = new Set<number>();
  translucent = false;
  complaint = '';

  constructor(
    private readonly path: string,
    private readonly stream: Probe,
    private readonly take: TakePicture,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** @returns how many frames came, at most `end` */
  async read(indices: number[], end = Number.POSITIVE_INFINITY): Promise<number> {
    const missing = new Set(indices.filter((index) => !this.taken.has(index)));
    if (this.taken.size > 0 && missing.size === 0) return 0;
    const running = start('ffmpeg', await this.arguments(end), this.signal);
    running.process.stdin.end();
    const pam = new PamReader();
    let frames = 0;
    try {
      for await (const part of running.process.stdout)
        for (const picture of pam.push(part as Buffer)) {
          const index = frames++;
          if (!missing.has(index)) continue;
          this.taken.add(index);
          await this.take(this.opaque(picture), index);
        }
    } finally {
      running.process.kill('SIGKILL');
    }
    const { complaint } = await running.ended;
    if (this.signal?.aborted) throw abortedError(this.signal);
    this.complaint ||= complaint;
    return frames;
  }

  private async arguments(end: number): Promise<string[]> {
    const alpha = hasAlpha(this.stream.pixelFormat);
    const input = ['-nostdin', '-v', 'error', '-protocol_whitelist', 'file,pipe', '-i', `file:${this.path}`];
    const limit = Number.isFinite(end) ? ['-frames:v', String(end)] : [];
    const pixels = ['-pix_fmt', alpha ? 'rgba' : 'rgb24', '-f', 'image2pipe', '-c:v', 'pam', 'pipe:1'];
    return [...input, '-map', '0:V:0', ...(await passEveryFrame()), ...limit, ...pixels];
  }

  private opaque({ data, height, width, channels }: PamPicture): Picture {
    if (channels !== 4) return { data, height, width };
    const laid = overBlack(data, height * width);
    this.translucent ||= laid.translucent;
    return { data: laid.data, height, width };
  }
}
