/** Every way fep-native can refuse or fail. Codes are stable: programs may branch on them. */
export type FepErrorCode =
  | 'FEP_USAGE' // an option or argument is unknown, missing or out of range
  | 'FEP_LIBTORCH_NOT_FOUND' // no usable libtorch in any place that was searched
  | 'FEP_VERSION_MISMATCH' // a libtorch, addon or file of another version than this package works with
  | 'FEP_ADDON_LOAD' // the native addon is missing, broken or built for another platform
  | 'FEP_CUDA_UNAVAILABLE' // a CUDA device was asked for and cannot be used
  | 'FEP_CUDA_OOM' // the GPU ran out of memory
  | 'FEP_OUT_OF_MEMORY' // the host ran out of memory
  | 'FEP_MODEL_NOT_FOUND' // no such model file or shipped model
  | 'FEP_MODEL_LOAD' // not a TorchScript archive, truncated, or its manifest is unusable
  | 'FEP_MODEL_OUTPUT' // what the model returns is not N×classes, and nothing says how to make it so
  | 'FEP_MODEL_RUN' // the model itself failed while it ran
  | 'FEP_MODEL_GRADIENT' // no gradient of the model's answer reaches the clip
  | 'FEP_MODEL_REFERENCE' // the model does not reproduce the logits its manifest promises
  | 'FEP_SHAPE' // a clip, mask or model input has the wrong shape
  | 'FEP_CLIP_NOT_FOUND' // no such clip
  | 'FEP_CLIP_DECODE' // the clip cannot be decoded, or holds no frame
  | 'FEP_DATASET' // a data set's list, label, box or file is missing or wrong
  | 'FEP_DECODER_MISSING' // no video decoder: neither node-av nor an ffmpeg on PATH
  | 'FEP_DOWNLOAD' // an archive could not be fetched or was damaged
  | 'FEP_QUEUE_MISSING' // bullmq and ioredis, which a queue takes, are not installed
  | 'FEP_QUEUE_UNREACHABLE' // the Redis or Valkey of a queue does not answer or refuses
  | 'FEP_IO' // a file could not be read or written
  | 'FEP_NUMERIC' // the optimisation met a NaN or an infinity
  | 'FEP_ABORTED' // stopped by an AbortSignal or an interrupt
  | 'FEP_DISPOSED' // the object was used after dispose()
  | 'FEP_INTERNAL'; // a defect of ours: please report it

/** What comes with an error beside its code and message. */
export interface FepErrorOptions {
  /** What to do about it, one sentence that a person can act on. */
  hint?: string;
  /** The error underneath, if any. */
  cause?: unknown;
}

/**
 * The one error class of the package.
 *
 * `message` says what was wrong and what was expected, `hint` what to do, `code` is stable.
 */
export class FepError extends Error {
  readonly code: FepErrorCode;
  readonly hint: string | undefined;

  constructor(code: FepErrorCode, message: string, options: FepErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'FepError';
    this.code = code;
    this.hint = options.hint;
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
