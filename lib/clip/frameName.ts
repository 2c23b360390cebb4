import { extname } from 'node:path';

/** The name of a picture, taken apart. */
export interface FrameName {
  name: string;
  /** Lower case, `.jpeg` as `.jpg`. */
  extension: string;
  /** What is not a number: one text more than there are numbers. */
  texts: string[];
  /** The numbers as they are written. */
  written: string[];
  values: number[];
}

/** Names that differ in their numbers only. */
export type Alike = [FrameName, ...FrameName[]];

/** A time of day in pairs of digits such as `10-15-01`, a decimal such as `1.25`, or a whole number. */
const NUMBER = /(?<!\d)(?:[01]\d|2[0-3])([-:._])[0-5]\d\1[0-5]\d(?!\d)|\d+\.\d+|\d+/g;

/**
 * Groups names by what is not a number. A dot between digits is a decimal point, unless the whole parts are all the
 * same as in `shot1.9`, `shot1.10`; a minus is a sign where names with and without it are otherwise alike.
 */
export function groupAlike(names: readonly string[]): Alike[] {
  const groups = new Map<string, Alike>();
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

/** Of a time of day its seconds. */
function numberOf(number: string): number {
  const parts = number.split(/[-:._]/).map(Number);
  return parts.length === 3 ? parts[0]! * 3600 + parts[1]! * 60 + parts[2]! : Number(number);
}

/** How many dashes stand before a number; none where they belong to a number before it, as in a date. */
function dashes({ texts, written }: FrameName, column: number): number {
  const text = texts[column]!;
  const count = text.length - text.replace(/-+$/, '').length;
  return column < written.length && (column === 0 || count < text.length) ? count : 0;
}

function withSigns(group: Alike): Alike {
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

function withoutConstantWholes(group: Alike): Alike {
  for (let column = group[0].written.length - 1; column >= 0; column--) {
    const parts = group.map(({ written }) => /^(\d+)\.(\d+)$/.exec(written[column]!));
    const [first] = parts;
    if (!first || parts.some((part) => part?.[1] !== first[1])) continue;
    // 0.5 after 0.25 are times; of numbers as wide as each other the order is the same either way.
    if (Number(first[1]) === 0 && parts.some((part) => part![2]!.length !== first[2]!.length)) continue;
    group.forEach((name, i) => {
      const [, whole, fraction] = parts[i]!;
      name.texts.splice(column + 1, 0, '.');
      name.written.splice(column, 1, whole!, fraction!);
      name.values.splice(column, 1, Number(whole), Number(fraction));
    });
  }
  return group;
}
