import { hasVariableRate } from '../video/timing';

/** A picture and its frame number. */
interface Numbered {
  name: string;
  number: number;
}

const MOST_LISTED = 6;

/** Warnings about the frame numbers of a clip's pictures, which are in ascending order. */
export function numberingWarnings(pictures: readonly Numbered[]): string[] {
  const numbers = [...new Set(pictures.map(({ number }) => number))];
  const warnings = [...duplicateWarnings(pictures), ...gapWarnings(numbers)];
  if (numbers[0]! < 0)
    warnings.push(`Some pictures have numbers below 0: ${pictures[0]!.name} was taken as the first frame.`);
  return warnings;
}

function duplicateWarnings(pictures: readonly Numbered[]): string[] {
  const twice = pictures.filter(({ number }, i) => i > 0 && number === pictures[i - 1]!.number);
  const [first] = twice;
  if (!first) return [];
  const others = pictures.filter(({ number }) => number === first.number).map(({ name }) => name);
  const more = twice.length > 1 ? `, and ${twice.length - 1} more` : '';
  return [`Some pictures have the same number: ${others.slice(0, 3).join(' and ')}${more}. All were taken.`];
}

/** Warns about missing or unevenly spaced numbers. */
function gapWarnings(numbers: readonly number[]): string[] {
  if (numbers.length < 3) return [];
  const gaps = numbers.slice(1).map((number, i) => number - numbers[i]!);
  const step = mostCommon(gaps);
  const onStep = gaps.filter((gap) => gap === step).length;
  if (onStep === gaps.length) return [];
  const multiples = gaps.every((gap) => Number.isInteger(gap / step));
  if (multiples && onStep * 2 >= gaps.length) return [missingWarning(numbers, step)];
  return hasVariableRate(numbers) ? [UNEVEN_WARNING] : [];
}

/** Whether a warning is about missing numbers, which are irrelevant when frames are looked up by number. */
export function isMissingWarning(warning: string): boolean {
  return warning.endsWith(SHIFT) || warning === UNEVEN_WARNING;
}

const SHIFT = 'Frames are counted without them, so boxes and ranges by number would shift.';

const UNEVEN_WARNING =
  'The numbers of the pictures are unevenly spaced: frames are counted as they follow each other, so boxes and ' +
  'ranges by number would shift.';

function missingWarning(numbers: readonly number[], step: number): string {
  const holes: string[] = [];
  let missing = 0;
  for (let i = 1; i < numbers.length; i++) {
    const [first, last] = [numbers[i - 1]! + step, numbers[i]! - step];
    if (last < first) continue;
    const count = (last - first) / step + 1;
    missing += count;
    if (count === 1) holes.push(`${first}`);
    else if (count === 2) holes.push(`${first}`, `${last}`);
    else holes.push(`${first} to ${last}`);
  }
  const listed = holes.slice(0, MOST_LISTED);
  const more = holes.length > MOST_LISTED ? ' and more' : '';
  const last = more || listed.length === 1 ? '' : ` and ${listed.pop()}`;
  const verb = missing === 1 ? 'is' : 'are';
  return `Of the pictures' numbers ${listed.join(', ')}${last}${more} ${verb} missing. ${SHIFT}`;
}

/** The most frequent value; the smallest one of several. */
function mostCommon(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, entry) =>
    entry[1] > best[1] || (entry[1] === best[1] && entry[0] < best[0]) ? entry : best,
  )[0];
}
