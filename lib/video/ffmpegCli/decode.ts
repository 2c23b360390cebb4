import { resolve } from 'node:path';
import { FepError } from '../../errors/fepError';
import {
  ALPHA_WARNING,
  overBlack,
  type Picture,
  type SourceSummary,
  type TakePicture,
} from '../../frames/picture';
import { abortedError, type ReadOptions } from '../../frames/readOptions';
import { type Selection, selectFrames, selectionWarnings } from '../../frames/sampling';
import { orient, SKEWED_WARNING } from '../orientation';
import { hasAlpha } from '../pixelFormat';
import { hasVariableRate, VARIABLE_RATE_WARNING } from '../timing';
import { truncationWarning } from '../truncation';
import { type PamPicture, PamReader } from './pamReader';
import { type Probe, probe } from './probe';
import { output, start } from './run';
import { scaleFilter } from './scaleFilter';

/**
 * Decodes the selected frames of a video with the ffmpeg on PATH, in the same passes as `decodeWithNodeAv`.
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
  if (!stream.orientation) warnings.push(SKEWED_WARNING);
  if (stream.facts.times.length === stream.packets && hasVariableRate(stream.facts.times))
    warnings.push(VARIABLE_RATE_WARNING);
  if (reader.complaint) warnings.push(`The file is damaged: ${firstLine(reader.complaint)}`);
  else if (stream.corrupt > 0)
    warnings.push(`The file is damaged: ${stream.corrupt} packets could not be read cleanly.`);
  const broken = truncationWarning(stream.facts, frames);
  if (broken) warnings.push(broken);
  return warnings;
}

/** The first line, without the memory address that FFmpeg prints, which differs in every run. */
function firstLine(complaint: string): string {
  return complaint.split('\n')[0]!.replace(/ @ (0x)?[0-9a-fA-F]+(?=\])/, '');
}

/** Passes over one file; each takes only the frames that no earlier pass took. */
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

  /** @returns the number of decoded frames, at most `end` */
  async read(indices: number[], end = Number.POSITIVE_INFINITY): Promise<number> {
    const missing = new Set(indices.filter((index) => !this.taken.has(index)));
    if (this.taken.size > 0 && missing.size === 0) return 0;
    const running = start('ffmpeg', await this.arguments(end), this.signal);
    running.process.stdin.end();
    const pam = new PamReader();
    let frames = 0;
    let isWhole = false;
    try {
      for await (const chunk of running.process.stdout)
        for (const picture of pam.push(chunk as Buffer)) {
          const index = frames++;
          if (!missing.has(index)) continue;
          this.taken.add(index);
          await this.take(this.upright(this.opaque(picture)), index);
        }
      isWhole = true;
    } finally {
      // After its last frame, ffmpeg may still be saying what was wrong with the file.
      if (!isWhole) running.process.kill('SIGKILL');
    }
    const { complaint } = await running.ended;
    if (this.signal?.aborted) throw abortedError(this.signal);
    this.complaint ||= complaint;
    return frames;
  }

  private async arguments(end: number): Promise<string[]> {
    const { pixelFormat, chromaLocation } = this.stream;
    // One thread, for the reason given in nodeAv/input.ts; rotation is applied by `orient`, as there.
    const reading = ['-threads', '1', '-noautorotate', '-i', `file:${this.path}`];
    const input = ['-nostdin', '-v', 'error', '-protocol_whitelist', 'file,pipe', ...reading];
    const limit = Number.isFinite(end) ? ['-frames:v', String(end)] : [];
    const scale = scaleFilter(pixelFormat, chromaLocation);
    const format = hasAlpha(pixelFormat) ? 'rgba' : 'rgb24';
    const pixels = ['-pix_fmt', format, '-f', 'image2pipe', '-c:v', 'pam', 'pipe:1'];
    const filter = scale ? ['-vf', scale] : [];
    return [...input, '-map', '0:V:0', ...(await passthroughOption()), ...limit, ...filter, ...pixels];
  }

  private upright(picture: Picture): Picture {
    return this.stream.orientation ? orient(picture, this.stream.orientation) : picture;
  }

  private opaque({ data, height, width, channels }: PamPicture): Picture {
    if (channels !== 4) return { data, height, width };
    const opaque = overBlack(data, height * width);
    this.translucent ||= opaque.translucent;
    return { data: opaque.data, height, width };
  }
}

let passthrough: Promise<string[]> | undefined;

/**
 * The option that makes ffmpeg output every frame exactly once: `-vsync` before version 5.1, `-fps_mode` since
 * then.
 */
function passthroughOption(): Promise<string[]> {
  passthrough ??= output('ffmpeg', ['-version']).then(({ text }) => {
    const [, major, minor] = /version n?(\d+)\.(\d+)/.exec(text) ?? [];
    const old = major !== undefined && Number(major) * 100 + Number(minor) < 501;
    return old ? ['-vsync', 'passthrough'] : ['-fps_mode', 'passthrough'];
  });
  passthrough.catch(() => {
    passthrough = undefined;
  });
  return passthrough;
}
