import { FepError } from '../errors/fepError';
import { type FrameName, groupByText, type NameGroup } from './frameName';
import { globExpression, globOf } from './glob';
import { numberingWarnings } from './numbering';

/** The pictures of a folder in frame order. */
export interface OrderedFrames {
  names: string[];
  warnings: string[];
}

/** Numbered names, and which of their numbers is the frame number. */
interface Series {
  names: NameGroup;
  column: number;
}

/** Numbers within names are compared by value: `img2` before `img10`. */
const collator = new Intl.Collator('en', { numeric: true });

const MOST_LISTED = 10;

/** Names of pictures that accompany frames: flow, masks, depth. */
const NOT_FRAMES = /flow|^[uvxy]_|_[uvxy]_|mask|seg|label|depth|thumb|cover/i;

const UNLIKE_WARNING =
  'The names of the pictures are not numbered alike: they were taken in their natural order.';

/**
 * Sorts the pictures of one clip by the frame number in their names; names without numbers in natural order.
 *
 * @throws FepError `FEP_USAGE` listing the series if there are several, such as frames and their flow
 */
export function orderFrames(folder: string, names: readonly string[]): OrderedFrames {
  const series = groupByText(names).flatMap(splitByNumbers).flatMap(splitByExtension);
  const [only] = series;
  if (only && series.length === 1) return inOrder(only);
  const numbered = series.some(({ names: [first] }) => first.written.length > 0);
  // If nearly all names differ from each other, they are arbitrary, such as hashes, and not series.
  if (numbered && series.length <= names.length / 2) throw severalSeries(folder, names, series);
  return { names: [...names].sort(naturally), warnings: numbered ? [UNLIKE_WARNING] : [] };
}

function naturally(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : 1);
}

function inOrder({ names, column }: Series): OrderedFrames {
  if (names[0].written.length === 0)
    return { names: names.map(({ name }) => name).sort(naturally), warnings: [] };
  const columns = [...slowerColumns(names, column), column];
  const sorted = [...names].sort((a, b) => {
    for (const c of columns) if (a.values[c] !== b.values[c]) return a.values[c]! - b.values[c]!;
    return naturally(a.name, b.name);
  });
  const numbered = sorted.map(({ name, values }) => ({ name, number: values[column]! }));
  return {
    names: numbered.map(({ name }) => name),
    warnings: columns.length === 1 ? numberingWarnings(numbered) : [],
  };
}

/** Numbers before the frame number that change rarely, such as a date before a time. */
function slowerColumns(names: NameGroup, column: number): number[] {
  return varying(names).filter((c) => c < column && distinct(names, c) <= names.length / 2);
}

/**
 * If names differ in more than one number and no single number is unique, they form several series: those of the
 * split with the fewest series.
 */
function splitByNumbers(names: NameGroup): Series[] {
  const columns = varying(names);
  if (columns.length <= 1) return [{ names, column: columns[0] ?? names[0].written.length - 1 }];
  const counting = columns
    .filter((c) => distinct(names, c) === names.length)
    .sort((a, b) => span(names, a) - span(names, b) || a - b)[0];
  if (counting !== undefined) return [{ names, column: counting }];
  return columns
    .map((column) => {
      const others = columns.filter((c) => c !== column);
      return groupBy(names, ({ values }) => others.map((c) => values[c]).join()).map((group) => ({
        names: group,
        column,
      }));
    })
    .reduce((fewest, split) => (split.length <= fewest.length ? split : fewest));
}

/**
 * Pictures of different extensions that share a number form separate series: frames and their masks, for example.
 */
function splitByExtension({ names, column }: Series): Series[] {
  const groups = groupBy(names, ({ extension }) => extension);
  const numbers = (group: NameGroup) => new Set(group.map(({ values }) => values.join()));
  const disjoint = groups.reduce((sum, group) => sum + numbers(group).size, 0) === numbers(names).size;
  return disjoint || groups.length === 1
    ? [{ names, column }]
    : groups.map((group) => ({ names: group, column }));
}

function varying(names: NameGroup): number[] {
  return names[0].written.map((_, column) => column).filter((column) => distinct(names, column) > 1);
}

function distinct(names: NameGroup, column: number): number {
  return new Set(names.map(({ values }) => values[column])).size;
}

/**
 * Range of integer values: among the numbers that are unique, the one with the smallest range is the frame number.
 */
function span(names: NameGroup, column: number): number {
  const values = names.map((name) => name.values[column]!);
  if (!values.every(Number.isInteger)) return Number.POSITIVE_INFINITY;
  return values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b));
}

function groupBy(names: NameGroup, keyOf: (name: FrameName) => string): NameGroup[] {
  const groups = new Map<string, NameGroup>();
  for (const name of names) {
    const group = groups.get(keyOf(name));
    if (group) group.push(name);
    else groups.set(keyOf(name), [name]);
  }
  return [...groups.values()];
}

function severalSeries(folder: string, all: readonly string[], series: Series[]): FepError {
  const globs = series
    .map(({ names }) => ({ glob: seriesGlob(names, all), count: names.length }))
    .sort((a, b) => naturally(a.glob, b.glob));
  const listed = globs.slice(0, MOST_LISTED).map(({ glob, count }) => `${glob} (${count})`);
  if (globs.length > MOST_LISTED) listed.push(`and ${globs.length - MOST_LISTED} more`);
  const likely = globs.find(({ glob }) => !NOT_FRAMES.test(glob)) ?? globs[0]!;
  return new FepError(
    'FEP_USAGE',
    `The folder ${folder} holds ${globs.length} series of pictures, a clip is one: ${listed.join(', ')}.`,
    { hint: `Choose one: --frames-pattern ${quoted(likely.glob)}, or the option framesPattern.` },
  );
}

/** A glob that matches the names of a series and, if possible, no others. */
function seriesGlob(names: NameGroup, all: readonly string[]): string {
  const loose = globFor(names, '*');
  const expression = globExpression(loose);
  return all.filter((name) => expression.test(name)).length === names.length
    ? loose
    : globFor(names, '[0-9]*');
}

function globFor(names: NameGroup, number: string): string {
  const [first] = names;
  const common = (textOf: (name: FrameName) => string) =>
    names.every((name) => textOf(name) === textOf(first)) ? globOf(textOf(first)) : undefined;
  const stem = first.texts.map((text, i) => {
    const counted = i < first.written.length ? (common(({ written }) => written[i]!) ?? number) : '';
    return globOf(text) + counted;
  });
  const extension = common(({ name }) => name.slice(name.lastIndexOf('.')));
  return stem.join('') + (extension ?? '.*');
}

function quoted(glob: string): string {
  return `'${glob.replaceAll("'", `'\\''`)}'`;
}
