import { FepError } from '../errors';
import type { Decoder } from '../video/decoder';

/** How a source is read, beside which frames. */
export interface ReadOptions {
  /** Stops the reading; the promise then rejects with `FEP_ABORTED`. */
  signal?: AbortSignal | undefined;
  /** `auto` (default): node-av where it is installed, else an ffmpeg on PATH. `FEP_DECODER` sets the default. */
  decoder?: Decoder | undefined;
}

/** @throws FepError `FEP_ABORTED` when the signal has fired */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortedError(signal);
}

export function abortedError(signal?: AbortSignal): FepError {
  return new FepError('FEP_ABORTED', 'Reading the clip was stopped.', { cause: signal?.reason });
}
