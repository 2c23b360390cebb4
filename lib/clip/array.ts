import { FepError, messageOf } from '../errors/fepError';
import { type NpyArray, readNpy } from '../files/npy';
import { DEFAULT_FPS, type SourceSummary, type TakePicture } from '../frames/picture';
import { type Selection, selectFrames, selectionWarnings } from '../frames/sampling';
import type { ModelInput } from '../manifest/manifest';
import { denormalize } from './normalize';
import { sourceKind } from './sourceKind';
import type { Clip } from './types';

/** Reads a `.npy` clip. @throws FepError `FEP_CLIP_DECODE` */
export async function readArray(path: string): Promise<NpyArray> {
  return readNpy(path).catch((error: unknown) => {
    const hint = error instanceof FepError ? error.hint : undefined;
    throw new FepError('FEP_CLIP_DECODE', messageOf(error), { cause: error, ...(hint ? { hint } : {}) });
  });
}

export function isNormalized({ dtype }: NpyArray): boolean {
  return dtype === 'float32' || dtype === 'float64';
}

/** Whether a path is an array of floats, which is already a model's input and is neither resized nor normalised. */
export async function isNormalizedArray(path: string): Promise<boolean> {
  return (await sourceKind(path)) === 'array' && isNormalized(await readArray(path));
}

/**
 * Reads the selected frames of a T×H×W×3 array of bytes.
 *
 * @throws FepError `FEP_SHAPE`
 */
export async function readArrayFrames(
  path: string,
  array: NpyArray,
  selection: Selection,
  take: TakePicture,
): Promise<SourceSummary> {
  const [frames, height, width] = frameShape(path, array);
  const indices = selectFrames(frames, selection);
  const size = height * width * 3;
  for (const index of new Set(indices)) {
    const data = array.data.slice(index * size, (index + 1) * size) as Uint8Array;
    await take({ data, height, width }, index);
  }
  return { frames, indices, fps: DEFAULT_FPS, warnings: selectionWarnings(frames, selection) };
}

/**
 * The clip in a C×T×H×W array of floats that is already normalised; `rgb` is reconstructed from it.
 *
 * @throws FepError `FEP_SHAPE` if it is not the shape of the model's input, `FEP_NUMERIC` if it contains NaN or
 *   infinity
 */
export function clipFromNormalized(path: string, array: NpyArray, input: ModelInput): Clip {
  const { frames, height, width } = input;
  const expected = [3, frames, height, width];
  if (array.shape.length !== 4 || array.shape.some((n, axis) => n !== expected[axis]))
    throw new FepError(
      'FEP_SHAPE',
      `${path} holds ${array.dtype} of shape (${array.shape.join(', ')}); ` +
        `the model takes C×T×H×W = (${expected.join(', ')}).`,
      {
        hint: 'Floats are taken as normalised C×T×H×W; save T×H×W×3 uint8 to have frames selected and resized.',
      },
    );
  const data = Float32Array.from(array.data);
  if (!data.every(Number.isFinite)) throw new FepError('FEP_NUMERIC', `${path} holds a NaN or an infinity.`);
  const indices = Array.from({ length: frames }, (_, i) => i);
  const rgb = denormalize(data, input);
  return {
    data,
    rgb,
    frames,
    height,
    width,
    fps: DEFAULT_FPS,
    sourceFrames: frames,
    indices,
    sourceHeight: height,
    sourceWidth: width,
    source: path,
    warnings: rangeWarnings(data, input),
  };
}

/**
 * Values may exceed the range of normalised pixels by this multiple of its width: noise, or normalisation for
 * another model.
 */
const BEYOND = 4;

/**
 * Warns about values far outside the range of normalised pixels, such as those of pixels that were not normalised.
 */
function rangeWarnings(data: Float32Array, { mean, std, pixelRange: [low, high] }: ModelInput): string[] {
  const [lowest, highest] = extremes(data);
  const least = Math.min(...mean.map((m, c) => (low - m) / std[c]!));
  const most = Math.max(...mean.map((m, c) => (high - m) / std[c]!));
  const margin = BEYOND * (most - least);
  if (lowest >= least - margin && highest <= most + margin) return [];
  return [
    `The values go from ${short(lowest)} to ${short(highest)}; pixels normalised for this model lie between ` +
      `${short(least)} and ${short(most)}. Normalise them, (pixel / 255 − mean) / std, or save T×H×W×3 uint8.`,
  ];
}

function extremes(data: Float32Array): [number, number] {
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of data) {
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  return [lowest, highest];
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function frameShape(path: string, { dtype, shape }: NpyArray): [number, number, number] {
  const [frames, height, width, channels] = shape;
  if (dtype === 'uint8' && shape.length === 4 && channels === 3 && frames && height && width)
    return [frames, height, width];
  throw new FepError(
    'FEP_SHAPE',
    `${path} holds ${dtype} of shape (${shape.join(', ')}); frames are T×H×W×3 uint8, none of them 0.`,
  );
}
