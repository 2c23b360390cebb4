import { FepError } from '../errors/fepError';
import { requireObject, requireSignal, requireString } from '../options/requireArguments';

/** `node-av`: FFmpeg inside Node; `ffmpeg`: the programs on PATH; `auto`: the first of them that works. */
export type Decoder = 'auto' | 'node-av' | 'ffmpeg';

/** How a source is read, beside which frames. */
export interface ReadOptions {
  /** Stops the reading; the promise then rejects with `FEP_ABORTED`. */
  signal?: AbortSignal | undefined;
  /** `auto` (default): node-av where it is installed, else an ffmpeg on PATH. `FEP_DECODER` sets the default. */
  decoder?: Decoder | undefined;
  /**
   * Which pictures of a folder are the clip's, where it holds several series: a glob of their names such as
   * `img_*.jpg`, with `*`, `?`, `[0-9]` and `{a,b}`. Default all.
   */
  framesPattern?: string | undefined;
}

/** @throws FepError `FEP_USAGE` when a call's arguments are of a wrong kind */
export function checkReadCall(path: unknown, options: unknown): void {
  requireString(path, 'path');
  requireObject(options, 'options');
  const { signal, framesPattern } = options as ReadOptions;
  requireSignal(signal);
  if (framesPattern !== undefined) requireString(framesPattern, 'framesPattern');
}

/** @throws FepError `FEP_ABORTED` when the signal has fired */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortedError(signal);
}

export function abortedError(signal?: AbortSignal): FepError {
  return new FepError('FEP_ABORTED', 'Reading the clip was stopped.', { cause: signal?.reason });
}

/** @throws FepError `FEP_USAGE` when a pattern is given for a clip that is no folder */
export function refuseFramesPattern(path: string, { framesPattern }: ReadOptions): void {
  if (framesPattern === undefined) return;
  throw new FepError(
    'FEP_USAGE',
    `${path} is no folder of pictures: '${framesPattern}' chooses nothing there.`,
    {
      hint: 'Leave the pattern of frames out.',
    },
  );
}
