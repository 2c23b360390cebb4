import type { ReadClipOptions } from '../clip/readClip';
import { FepError } from '../errors/fepError';
import { sha256OfArray } from '../files/sha256';
import type { InputOverrides } from '../manifest/inputOverrides';
import type { VideoModel } from '../model/videoModel';
import { requireFunction, requireObject, requireSignal, requireString } from '../options/requireArguments';
import { type Alternative, alternatives } from './alternatives';
import { ClipReader } from './clipReader';
import { type Differences, differencesFrom, type ExpectedClass, expectedClasses } from './differences';
import { type ExpectedProbabilities, parseExpected } from './readExpected';

export interface VerifyPreprocessingOptions extends ReadClipOptions {
  /** Largest difference of a probability that still counts as agreement, default 0.01. */
  within?: number;
  /** Called after each alternative, with the number tried and the total. */
  onProgress?: (done: number, of: number) => void;
}

/** The model's probabilities with the preprocessing of its manifest, compared with those of another pipeline. */
export interface PreprocessingCheck extends Differences {
  /** Whether `largest` is at most `within`. */
  agrees: boolean;
  within: number;
  /** The preprocessing whose probabilities are closest to the expected ones. */
  closest: Differences & {
    /** What has to change in the model's input for it; empty if the model's own preprocessing is closest. */
    change: InputOverrides;
  };
  /** Number of different clips tried, including that of the model's own preprocessing. */
  tried: number;
  warnings: string[];
}

const WITHIN = 0.01;

/** Differences within this margin count as equal: rounding and other decoders cause as much. */
const EQUAL = 1e-4;

/**
 * Compares a model's probabilities on a clip with those that the model's owner computed, and searches for the
 * preprocessing that comes closest: frame of each segment, antialiasing, interpolation, channel order, pixel range.
 * Among equally close ones, the one with the fewest changes wins. Stops at a match within rounding.
 *
 * @param path what `readClip` reads; an array of floats is already the model's input, so no alternatives are tried
 * @param expected probabilities in the order of the classes, or some by class name
 * @throws FepError as `readClip` and `VideoModel.predict`; `FEP_USAGE` if the expected values do not fit the model
 */
export async function verifyPreprocessing(
  model: VideoModel,
  path: string,
  expected: ExpectedProbabilities,
  options: VerifyPreprocessingOptions = {},
): Promise<PreprocessingCheck> {
  const { within = WITHIN, onProgress = () => undefined, ...reading } = checked(path, options);
  const classes = expectedClasses(model, parseExpected(expected));
  const { input } = model.manifest;
  const reader = await ClipReader.open(path, input, reading);
  const ways = reader.isFixed ? [] : alternatives(input).slice(1);
  const own = differencesFrom(classes, await model.predict(reader.clip, reading.signal));
  onProgress(1, ways.length + 1);

  const seen = new Set([sha256OfArray(reader.clip.data)]);
  let closest: PreprocessingCheck['closest'] = { change: {}, ...own };
  for (const [i, way] of ways.entries()) {
    if (closest.largest < EQUAL) break;
    const found = await tryAlternative(model, reader, way, classes, seen, reading.signal);
    if (found && found.largest < closest.largest - EQUAL) closest = { change: way.change, ...found };
    onProgress(i + 2, ways.length + 1);
  }
  const { warnings } = reader.clip;
  return { ...own, agrees: own.largest <= within, within, closest, tried: seen.size, warnings };
}

/**
 * Undefined if the same clip was tried before, or if the model returns NaN for it, as it may for pixels of a wrong
 * range.
 */
async function tryAlternative(
  model: VideoModel,
  reader: ClipReader,
  { input }: Alternative,
  classes: readonly ExpectedClass[],
  seen: Set<string>,
  signal: AbortSignal | undefined,
): Promise<Differences | undefined> {
  const clip = await reader.read(input);
  const hash = sha256OfArray(clip.data);
  if (seen.has(hash)) return undefined;
  seen.add(hash);
  try {
    return differencesFrom(classes, await model.predict(clip, signal));
  } catch (error) {
    if (error instanceof FepError && error.code === 'FEP_NUMERIC') return undefined;
    throw error;
  }
}

function checked(path: string, options: VerifyPreprocessingOptions): VerifyPreprocessingOptions {
  requireString(path, 'path');
  requireObject(options, 'options');
  const { within = WITHIN, onProgress, signal } = options;
  requireSignal(signal);
  if (onProgress !== undefined) requireFunction(onProgress, 'onProgress');
  if (typeof within === 'number' && within >= 0 && within <= 1) return options;
  throw new FepError(
    'FEP_USAGE',
    `within is ${within}; expected a difference of probabilities, from 0 to 1.`,
  );
}
