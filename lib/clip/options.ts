import { requireObject, requireSignal, requireString } from '../arguments';
import { FepError } from '../errors';
import type { Decoder } from '../video/decoder';

/** How a source is read, beside which frames. */
export interface ReadOptions {
  /** Stops the reading; the promise then rejects with `FEP_ABORTED`. */
  signal?: AbortSignal | undefined;
  /** `auto` (default): node-av where it is installed, else an ffmpeg on PATH. `FEP_DECODER` sets the default. */
  decoder?: Decoder | undefined;
}

/** @throws FepError `FEP_USAGE` when a call's arguments are of a wrong kind */
export function checkReadCall(path: unknown, options: unknown): void {
  requireString(path, 'path');
  requireObject(options, 'options');
  requireSignal((options as ReadOptions).signal);
}

/** @throws FepError `FEP_ABORTED` when the signal has fired */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortedError(signal);
}

export function abortedError(signal?: AbortSignal): FepError {
  return new FepError('FEP_ABORTED', 'Reading the clip was stopped.', { cause: signal?.reason });
}
