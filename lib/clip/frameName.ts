import { extname } from 'node:path';

/** The parsed name of a picture. */
export interface FrameName {
  name: string;
  /** Lower case, `.jpeg` as `.jpg`. */
  extension: string;
  /** The text between the numbers: one more than there are numbers. */
  texts: string[];
  /** The numbers as written. */
  written: string[];
  values: number[];
}

/** Names that differ only in their numbers. */
export type NameGroup = [FrameName, ...FrameName[]];

/** A time of day in pairs of digits such as `10-15-01`, a decimal such as `1.25`, or an integer. */
const NUMBER = /(?<!\d)(?:[01]\d|2[0-3])([-:._])[0-5]\d\1[0-5]\d(?!\d)|\d+\.\d+|\d+/g;

/**
 * Groups names by the text between their numbers. A dot between digits is a decimal point, unless the integer parts
 * are all equal as in `shot1.9`, `shot1.10`; a dash is a minus sign if otherwise equal names exist with and without
 * it.
 */
export function groupByText(names: readonly string[]): NameGroup[] {
  const groups = new Map<string, NameGroup>();
  for (const name of names.map(parse)) {
    const key = JSON.stringify(name.texts.map((text, i) => text.slice(0, text.length - dashes(name, i))));
    const group = groups.get(key);
    if (group) group.push(name);
    else groups.set(key, [name]);
  }
  return [...groups.values()].map((group) => withSigns(withoutConstantWholes(group)));
}

function parse(name: string): FrameName {
  const extension = extname(name);
  const stem = name.slice(0, name.length - extension.length);
  const texts: string[] = [];
  const written: string[] = [];
  let from = 0;
  for (const { 0: number, index } of stem.matchAll(NUMBER)) {
    texts.push(stem.slice(from, index));
    written.push(number);
    from = index + number.length;
  }
  texts.push(stem.slice(from));
  const lower = extension.toLowerCase();
  const values = written.map(numberOf);
  return { name, extension: lower === '.jpeg' ? '.jpg' : lower, texts, written, values };
}

/** The value of a number; for a time of day, its seconds. */
function numberOf(number: string): number {
  const parts = number.split(/[-:._]/).map(Number);
  return parts.length === 3 ? parts[0]! * 3600 + parts[1]! * 60 + parts[2]! : Number(number);
}

/** Number of dashes before a number; 0 if they separate it from the number before it, as in a date. */
function dashes({ texts, written }: FrameName, column: number): number {
  const text = texts[column]!;
  const count = text.length - text.replace(/-+$/, '').length;
  return column < written.length && (column === 0 || count < text.length) ? count : 0;
}

function withSigns(group: NameGroup): NameGroup {
  group[0].written.forEach((_, column) => {
    const fewest = group.reduce(
      (least, name) => Math.min(least, dashes(name, column)),
      Number.POSITIVE_INFINITY,
    );
    for (const name of group.filter((name) => dashes(name, column) > fewest)) {
      const text = name.texts[column]!;
      name.texts[column] = text.slice(0, text.length - dashes(name, column) + fewest);
      name.written[column] = `-${name.written[column]}`;
      name.values[column] = -name.values[column]!;
    }
  });
  return group;
}

function withoutConstantWholes(group: NameGroup): NameGroup {
  for (let column = group[0].written.length - 1; column >= 0; column--) {
    const matches = group.map(({ written }) => /^(\d+)\.(\d+)$/.exec(written[column]!));
    const [first] = matches;
    if (!first || matches.some((match) => match?.[1] !== first[1])) continue;
    // 0.25 and 0.5 are times; with fractions of equal length, the order is the same either way.
    if (Number(first[1]) === 0 && matches.some((match) => match![2]!.length !== first[2]!.length)) continue;
    group.forEach((name, i) => {
      const [, whole, fraction] = matches[i]!;
      name.texts.splice(column + 1, 0, '.');
      name.written.splice(column, 1, whole!, fraction!);
      name.values.splice(column, 1, Number(whole), Number(fraction));
    });
  }
  return group;
}
