/** Every way fep-native can fail. Codes are stable: programs may branch on them. */
export type FepErrorCode =
  | 'FEP_USAGE' // an option or argument is unknown, missing or out of range
  | 'FEP_LIBTORCH_NOT_FOUND' // no usable libtorch in any searched place
  | 'FEP_VERSION_MISMATCH' // a libtorch, addon or file of an unsupported version
  | 'FEP_ADDON_LOAD' // the native addon is missing, broken or built for another platform
  | 'FEP_CUDA_UNAVAILABLE' // the requested CUDA device cannot be used
  | 'FEP_CUDA_OOM' // the GPU ran out of memory
  | 'FEP_OUT_OF_MEMORY' // the host ran out of memory
  | 'FEP_MODEL_NOT_FOUND' // no such model file or shipped model
  | 'FEP_MODEL_IMPORT' // another library's model cannot be made a model file
  | 'FEP_PYTHON_NOT_FOUND' // no Python that runs, which importing a model needs
  | 'FEP_MODEL_LOAD' // not a TorchScript archive, truncated, or its manifest is unusable
  | 'FEP_MODEL_OUTPUT' // the model's output is not N×classes and cannot be reduced to it as configured
  | 'FEP_MODEL_RUN' // the model itself failed while it ran
  | 'FEP_MODEL_GRADIENT' // no gradient of the model's output reaches the clip
  | 'FEP_MODEL_REFERENCE' // the model does not reproduce the reference logits of its manifest
  | 'FEP_SHAPE' // a clip, mask or model input has the wrong shape
  | 'FEP_CLIP_NOT_FOUND' // no such clip
  | 'FEP_CLIP_DECODE' // the clip cannot be decoded, or holds no frame
  | 'FEP_DATASET' // a list, label, box or file of a data set is missing or wrong
  | 'FEP_DECODER_MISSING' // no video decoder: neither node-av nor an ffmpeg on PATH
  | 'FEP_DOWNLOAD' // an archive could not be fetched or was damaged
  | 'FEP_QUEUE_MISSING' // bullmq and ioredis, which a queue needs, are not installed
  | 'FEP_QUEUE_UNREACHABLE' // the Redis or Valkey of a queue does not answer or rejects the connection
  | 'FEP_IO' // a file could not be read or written
  | 'FEP_NUMERIC' // NaN or infinity in the optimisation or in an array
  | 'FEP_ABORTED' // stopped by an AbortSignal or an interrupt
  | 'FEP_DISPOSED' // the object was used after dispose()
  | 'FEP_INTERNAL'; // a bug in fep-native: please report it

/** Optional details of an error. */
export interface FepErrorOptions {
  /** What the user can do about it, in one sentence. */
  hint?: string;
  /** The underlying error, if any. */
  cause?: unknown;
}

/**
 * The only error class of the package.
 *
 * `message` says what was wrong and what was expected, `hint` what to do; `code` is stable. `name` is `AbortError` where
 * an AbortSignal stopped the work (`FEP_ABORTED`), as users of signals expect; else `FepError`.
 */
export class FepError extends Error {
  readonly code: FepErrorCode;
  readonly hint: string | undefined;

  constructor(code: FepErrorCode, message: string, options: FepErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = code === 'FEP_ABORTED' ? 'AbortError' : 'FepError';
    this.code = code;
    this.hint = options.hint;
  }
}

/** The message of any thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
