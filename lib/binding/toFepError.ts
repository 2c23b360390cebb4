import { FepError, type FepErrorCode, messageOf } from '../errors/fepError';

/** Hints for errors of the native side. */
const HINTS: Partial<Record<FepErrorCode, string>> = {
  FEP_MODEL_LOAD:
    'Check the layout, the number of frames and the frame size (`fep-native models inspect`), and that the file is TorchScript (torch.jit.script or trace, then save).',
  FEP_MODEL_OUTPUT:
    'Say which tensor is the answer (--output INDEX or NAME), what to average over (--average-over time or segments), or export a module that returns N×classes.',
  FEP_MODEL_RUN:
    'This is an error of the model itself: run the file on such a clip in Python, or export it again.',
  FEP_MODEL_GRADIENT: 'Use rise, which needs no gradient: --method rise.',
  FEP_MODEL_REFERENCE:
    'The layout, the activation or the file itself is not what the manifest describes: export the model again, or correct the manifest.',
  FEP_NUMERIC: 'Try a smaller learning rate, or check the model for NaN weights.',
  FEP_CUDA_OOM: 'Ask for fewer areas at once, or use --device cpu.',
  FEP_OUT_OF_MEMORY: 'Ask for fewer areas at once, or close other programs.',
  FEP_CUDA_UNAVAILABLE:
    'Use --device cpu, or install a libtorch with CUDA: `npx fep-native libtorch install --variant cu130`.',
  FEP_INTERNAL: 'Please report this with the output of `npx fep-native doctor`.',
};

/**
 * Converts an error of the addon, which has a code, to a FepError with a hint. FepErrors are returned unchanged.
 */
export function toFepError(error: unknown): FepError {
  if (error instanceof FepError) return error;
  const code = codeOf(error) ?? 'FEP_INTERNAL';
  const hint = HINTS[code];
  return new FepError(code, messageOf(error), { cause: error, ...(hint !== undefined && { hint }) });
}

function codeOf(error: unknown): FepErrorCode | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  const { code } = error;
  return typeof code === 'string' && code.startsWith('FEP_') ? (code as FepErrorCode) : undefined;
}
