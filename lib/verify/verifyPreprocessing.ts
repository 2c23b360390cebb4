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
  /** The largest difference of a probability that is none, default 0.01. */
  within?: number;
  /** Called after each way that was tried. */
  onProgress?: (done: number, of: number) => void;
}

/** What a model answers when it is fed as its input says, beside what another pipeline computed. */
export interface PreprocessingCheck extends Differences {
  /** Whether `largest` is not above `within`. */
  agrees: boolean;
  within: number;
  /** The way to feed the model that comes closest to what was expected. */
  closest: Differences & {
    /** What of the model's input has to be changed for it; nothing where it comes closest as it is. */
    change: InputOverrides;
  };
  /** Ways that were tried, the model's own included; ways that make the same clip are one. */
  tried: number;
  warnings: string[];
}

const WITHIN = 0.01;

/** Two ways as close as this are equally close: what rounding and another decoder may make. */
const EQUAL = 1e-4;

/**
 * Compares a model's probabilities on a clip with those that the model's owner computed, and looks for the way to feed it
 * that comes closest: which frame of each segment, antialiasing, interpolation, order of the colours, range of the
 * pixels. Of ways that are equally close, the one that changes least is taken. Stops at one that nothing can better.
 *
 * @param path what `readClip` reads; an array of floats is the model's input already, so that nothing else is tried
 * @param expected probabilities in the order of the classes, or some by class name
 * @throws FepError as `readClip` and `VideoModel.predict`; `FEP_USAGE` when the expected values do not fit the model
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
    const found = await tryOut(model, reader, way, classes, seen, reading.signal);
    if (found && found.largest < closest.largest - EQUAL) closest = { change: way.change, ...found };
    onProgress(i + 2, ways.length + 1);
  }
  const { warnings } = reader.clip;
  return { ...own, agrees: own.largest <= within, within, closest, tried: seen.size, warnings };
}

/** Undefined where the clip was tried before, or where the model has no answer for it, as for pixels of a wrong range. */
async function tryOut(
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
