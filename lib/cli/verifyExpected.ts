import type { Command } from 'commander';
import { FepError } from '../errors/fepError';
import type { InputOverrides } from '../manifest/inputOverrides';
import type { Sampling } from '../manifest/manifest';
import type { VideoModel } from '../model/videoModel';
import { defined } from '../options/defined';
import type { ClassDifference } from '../verify/differences';
import type { PreprocessingCheck } from '../verify/verifyPreprocessing';
import { countProgress } from './countProgress';
import { addFolderOptions, addRangeOptions } from './inputClip';
import { interruptSignal } from './interrupt';
import { type OutputOptions, say, table } from './output';
import { number } from './values';

/** Values of the options that `addExpectOptions` adds. */
export interface ExpectFlags {
  clip?: string;
  expect?: string;
  within?: number;
  start?: number;
  end?: number;
  framesPattern?: string;
}

/** Adds the options that compare a clip with the probabilities of another pipeline. */
export function addExpectOptions(command: Command): Command {
  command
    .option('--clip <path>', 'a clip whose probabilities are known')
    .option(
      '--expect <file>',
      'its probabilities: a JSON array in class order, or a JSON object by class name',
    )
    .option('--within <share>', 'largest accepted difference of a probability (default: 0.01)', number);
  return addFolderOptions(addRangeOptions(command));
}

/** @throws FepError `FEP_USAGE` unless --clip and --expect are given together, or none of the options is */
export function requireBoth({ clip, expect, within, start, end, framesPattern }: ExpectFlags): void {
  if (clip !== undefined && expect !== undefined) return;
  if ([clip, expect, within, start, end, framesPattern].every((flag) => flag === undefined)) return;
  throw new FepError(
    'FEP_USAGE',
    'A comparison with known probabilities needs a clip and its probabilities.',
    {
      hint: 'Give both --clip CLIP and --expect probabilities.json.',
    },
  );
}

/** Compares the clip with its expected probabilities; undefined if none are given. */
export async function checkPreprocessing(
  model: VideoModel,
  { clip, expect, within, start, end, framesPattern, ...output }: ExpectFlags & OutputOptions,
): Promise<PreprocessingCheck | undefined> {
  if (clip === undefined || expect === undefined) return undefined;
  const { readExpected } = await import('../verify/readExpected.js');
  const { verifyPreprocessing } = await import('../verify/verifyPreprocessing.js');
  const expected = await readExpected(expect);
  let progress: ReturnType<typeof countProgress> | undefined;
  const onProgress = (done: number, of: number) => {
    progress ??= countProgress(of, 'ways to feed the model', output);
    progress.update(done);
  };
  const options = {
    ...defined({ within, start, end, framesPattern }),
    signal: interruptSignal(),
    onProgress,
  };
  const check = await verifyPreprocessing(model, clip, expected, options).finally(() => progress?.stop());
  for (const warning of check.warnings) say(`warning: ${warning}`, output);
  return check;
}

/** Number of classes listed; the rest is counted. */
const MAX_CLASSES = 20;

export function describePreprocessing(check: PreprocessingCheck): string[] {
  const { classes, largest, agrees, within, tried } = check;
  const left = classes.length - MAX_CLASSES;
  return [
    '',
    table([['CLASS', 'EXPECTED', 'FOUND', 'DIFFERENCE'], ...classes.slice(0, MAX_CLASSES).map(row)], {
      numbers: true,
    }),
    ...(left > 0 ? [`… and ${left} more that differ less`] : []),
    '',
    `The largest difference is ${points(largest)}, ${agrees ? 'not' : 'which is'} above ${points(within)}.`,
    describeClosest(check),
    `Tried: ${tried} ${tried === 1 ? 'way' : 'ways'} to feed the model.`,
  ];
}

function describeClosest({ closest, within, tried }: PreprocessingCheck): string {
  const flags = preprocessingFlags(closest.change);
  const text =
    flags.length > 0
      ? `With ${flags.join(' ')} the largest difference is ${points(closest.largest)}.`
      : `The current options come closest${tried === 1 ? '' : ' of all'}.`;
  if (closest.largest <= within) return text;
  return `${text} The remaining difference has another cause: --mean, --std, --resize, another kind of --sampling, --layout, --activation, or the order of the classes.`;
}

/** The flags of a preprocessing change, e.g. `--no-antialias`, `--sampling uniform:step`. */
function preprocessingFlags({ resize, sampling, channelOrder, pixelRange }: InputOverrides): string[] {
  const { antialias, interpolation } = resize ?? {};
  return [
    ...(antialias === undefined ? [] : [antialias ? '--antialias' : '--no-antialias']),
    ...(interpolation === undefined ? [] : [`--interpolation ${interpolation}`]),
    ...(sampling === undefined ? [] : [`--sampling ${samplingFlag(sampling)}`]),
    ...(channelOrder === undefined ? [] : [`--channel-order ${channelOrder}`]),
    ...(pixelRange === undefined ? [] : [`--pixel-range ${pixelRange.join('..')}`]),
  ];
}

function samplingFlag(sampling: Sampling): string {
  const { type, offset = 'middle' } = sampling;
  return [type, ...(type === 'dense' ? [sampling.stride ?? 1] : []), offset].join(':');
}

function row({ name, expected, found, difference }: ClassDifference): string[] {
  const sign = difference < 0 ? '−' : '+'; // a minus sign, as wide as the plus
  return [name, share(expected), share(found), `${sign}${points(Math.abs(difference))}`];
}

function share(probability: number): string {
  return `${(100 * probability).toFixed(2)} %`;
}

/** A difference of two probabilities, in percentage points. */
function points(difference: number): string {
  if (!Number.isFinite(difference)) return 'not a number of points';
  const count = Number((100 * difference).toFixed(2));
  return `${count} ${count === 1 ? 'point' : 'points'}`;
}
