import { FepError } from '../errors/fepError';
import { requireObject, requireSignal, requireString } from '../options/requireArguments';

/** `node-av`: FFmpeg inside Node; `ffmpeg`: the programs on PATH; `auto`: the first that is available. */
export type Decoder = 'auto' | 'node-av' | 'ffmpeg';

/** How to read a source. */
export interface ReadOptions {
  /** Aborts reading; the promise then rejects with `FEP_ABORTED`. */
  signal?: AbortSignal | undefined;
  /** `auto` (default): node-av if it is installed, else an ffmpeg on PATH. `FEP_DECODER` sets the default. */
  decoder?: Decoder | undefined;
  /**
   * Selects the pictures of the clip in a folder with several series: a glob of their names such as `img_*.jpg`,
   * with `*`, `?`, `[0-9]` and `{a,b}`. Default all.
   */
  framesPattern?: string | undefined;
}

/** @throws FepError `FEP_USAGE` if an argument has the wrong type */
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

/** @throws FepError `FEP_USAGE` if a pattern is given for a clip that is not a folder */
export function refuseFramesPattern(path: string, { framesPattern }: ReadOptions): void {
  if (framesPattern === undefined) return;
  throw new FepError(
    'FEP_USAGE',
    `${path} is not a folder of pictures: the pattern '${framesPattern}' does not apply.`,
    {
      hint: 'Omit the pattern of frames.',
    },
  );
}
