import { FepError } from '../errors/fepError';
import { type Alike, type FrameName, groupAlike } from './frameName';
import { globExpression, globOf } from './glob';
import { numberingWarnings } from './numbering';

/** The pictures of a folder in the order of their frames. */
export interface Ordered {
  names: string[];
  warnings: string[];
}

/** Names that are numbered through, and which of their numbers does it. */
interface Series {
  names: Alike;
  column: number;
}

/** Numbers within names sort by value: `img2` before `img10`. */
const collator = new Intl.Collator('en', { numeric: true });

const MOST_LISTED = 10;

/** What lies beside frames by its name: flow, masks, depth. */
const NO_FRAMES = /flow|^[uvxy]_|_[uvxy]_|mask|seg|label|depth|thumb|cover/i;

const UNLIKE_WARNING =
  'The names of the pictures are not numbered alike: they were taken in their natural order.';

/**
 * Puts the pictures of one clip in order: by the number in their names that counts them, names without numbers in
 * natural order.
 *
 * @throws FepError `FEP_USAGE` that lists the series when the pictures are of several, such as frames and their flow
 */
export function orderFrames(folder: string, names: readonly string[]): Ordered {
  const series = groupAlike(names).flatMap(splitByNumbers).flatMap(splitByExtension);
  const [only] = series;
  if (only && series.length === 1) return ordered(only);
  const numbered = series.some(({ names: [first] }) => first.written.length > 0);
  // Names that are nearly all unlike each other are no series but arbitrary, such as hashes.
  if (numbered && series.length <= names.length / 2) throw severalSeries(folder, names, series);
  return { names: [...names].sort(naturally), warnings: numbered ? [UNLIKE_WARNING] : [] };
}

function naturally(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : 1);
}

function ordered({ names, column }: Series): Ordered {
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

/** Numbers before the one that counts that change now and then, such as a date before a time. */
function slowerColumns(names: Alike, column: number): number[] {
  return varying(names).filter((c) => c < column && distinct(names, c) <= names.length / 2);
}

/**
 * Several series where names differ in more than one number and none of these counts them all: then the one that
 * leaves the fewest series does.
 */
function splitByNumbers(names: Alike): Series[] {
  const columns = varying(names);
  if (columns.length <= 1) return [{ names, column: columns[0] ?? names[0].written.length - 1 }];
  const counting = columns
    .filter((c) => distinct(names, c) === names.length)
    .sort((a, b) => span(names, a) - span(names, b) || a - b)[0];
  if (counting !== undefined) return [{ names, column: counting }];
  return columns
    .map((column) => {
      const others = columns.filter((c) => c !== column);
      return groupBy(names, ({ values }) => others.map((c) => values[c]).join()).map((part) => ({
        names: part,
        column,
      }));
    })
    .reduce((fewest, split) => (split.length <= fewest.length ? split : fewest));
}

/** Two series where two extensions share a number: frames and their masks, say. */
function splitByExtension({ names, column }: Series): Series[] {
  const parts = groupBy(names, ({ extension }) => extension);
  const numbers = (part: Alike) => new Set(part.map(({ values }) => values.join()));
  const apart = parts.reduce((sum, part) => sum + numbers(part).size, 0) === numbers(names).size;
  return apart || parts.length === 1 ? [{ names, column }] : parts.map((part) => ({ names: part, column }));
}

function varying(names: Alike): number[] {
  return names[0].written.map((_, column) => column).filter((column) => distinct(names, column) > 1);
}

function distinct(names: Alike, column: number): number {
  return new Set(names.map(({ values }) => values[column])).size;
}

/** How far whole numbers reach: of those that tell all names apart, the closest together count them. */
function span(names: Alike, column: number): number {
  const values = names.map((name) => name.values[column]!);
  if (!values.every(Number.isInteger)) return Number.POSITIVE_INFINITY;
  return values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b));
}

function groupBy(names: Alike, keyOf: (name: FrameName) => string): Alike[] {
  const groups = new Map<string, Alike>();
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
  const likely = globs.find(({ glob }) => !NO_FRAMES.test(glob)) ?? globs[0]!;
  return new FepError(
    'FEP_USAGE',
    `The folder ${folder} holds ${globs.length} series of pictures, a clip is one: ${listed.join(', ')}.`,
    { hint: `Choose one: --frames-pattern ${quoted(likely.glob)}, or the option framesPattern.` },
  );
}

/** A glob that takes a series' names and, where one can, no others. */
function seriesGlob(names: Alike, all: readonly string[]): string {
  const loose = globFor(names, '*');
  const expression = globExpression(loose);
  return all.filter((name) => expression.test(name)).length === names.length
    ? loose
    : globFor(names, '[0-9]*');
}

function globFor(names: Alike, number: string): string {
  const [first] = names;
  const same = (part: (name: FrameName) => string) =>
    names.every((name) => part(name) === part(first)) ? globOf(part(first)) : undefined;
  const stem = first.texts.map((text, i) => {
    const counted = i < first.written.length ? (same(({ written }) => written[i]!) ?? number) : '';
    return globOf(text) + counted;
  });
  const extension = same(({ name }) => name.slice(name.lastIndexOf('.')));
  return stem.join('') + (extension ?? '.*');
}

function quoted(glob: string): string {
  return `'${glob.replaceAll("'", `'\\''`)}'`;
}
