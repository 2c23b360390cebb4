import type { Command } from 'commander';
import { FepError } from '../errors/fepError';
import type { VideoModel } from '../model/videoModel';
import { defined } from '../options/defined';
import type { ClassDifference } from '../verify/differences';
import type { PreprocessingCheck } from '../verify/verifyPreprocessing';
import { countProgress } from './countProgress';
import { interruptSignal } from './interrupt';
import { type OutputOptions, say, table } from './output';
import { preprocessingFlags } from './preprocessingFlags';
import { addFolderOptions, addRangeOptions } from './subject';
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

/** What another pipeline computed of a clip, to compare with. */
export function addExpectOptions(command: Command): Command {
  command
    .option('--clip <path>', 'a clip whose probabilities are known')
    .option('--expect <file>', 'these: JSON, an array in the order of the classes, or by class name')
    .option('--within <share>', 'largest difference that passes (default: 0.01, one point in 100)', number);
  return addFolderOptions(addRangeOptions(command));
}

/** @throws FepError `FEP_USAGE` when options that only go together are not */
export function requireBoth({ clip, expect, within, start, end, framesPattern }: ExpectFlags): void {
  if (clip !== undefined && expect !== undefined) return;
  if ([clip, expect, within, start, end, framesPattern].every((flag) => flag === undefined)) return;
  throw new FepError('FEP_USAGE', 'To compare with known probabilities takes a clip and these.', {
    hint: 'Give both --clip CLIP and --expect probabilities.json.',
  });
}

/** Undefined where nothing is to be compared. */
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

/** More lines than this are not read. */
const MOST_CLASSES = 20;

export function describePreprocessing(check: PreprocessingCheck): string[] {
  const { classes, largest, agrees, within, tried } = check;
  const left = classes.length - MOST_CLASSES;
  return [
    '',
    table([['CLASS', 'EXPECTED', 'FOUND', 'DIFFERENCE'], ...classes.slice(0, MOST_CLASSES).map(row)], {
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
      : `The options as they are come closest${tried === 1 ? '' : ' of all'}.`;
  if (closest.largest <= within) return text;
  return `${text} What remains must come from elsewhere: --mean, --std, --resize, another kind of --sampling, --layout, --activation, or the order of the classes.`;
}

function row({ name, expected, found, difference }: ClassDifference): string[] {
  const sign = difference < 0 ? '−' : '+'; // a minus, which is as wide
  return [name, share(expected), share(found), `${sign}${points(Math.abs(difference))}`];
}

function share(probability: number): string {
  return `${(100 * probability).toFixed(2)} %`;
}

/** A difference of two probabilities. */
function points(difference: number): string {
  if (!Number.isFinite(difference)) return 'not a number of points';
  const count = Number((100 * difference).toFixed(2));
  return `${count} ${count === 1 ? 'point' : 'points'}`;
}
