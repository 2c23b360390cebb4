import { readFileSync } from 'node:fs';
import { FepError, messageOf } from '../errors/fepError';

/** `12 juggling balls` and `juggling balls 12`, separated by spaces, a tab, a comma, a semicolon or a colon. */
const NUMBER_FIRST = /^(?<index>\d+)(?:\s*[,;:\t]\s*|\s+)(?<name>.+)$/;
const NUMBER_LAST = /^(?<name>.+?)(?:\s*[,;:\t]\s*|\s+)(?<index>\d+)$/;

/**
 * Reads class names, in the order of a model's outputs, from a text or JSON file; `python/fep_import/class_names.py` reads
 * the same formats.
 *
 * JSON: an array of names, or an object that maps names to indices or indices to names. Text: one name a line; if every
 * line has a number before or after the name and the numbers count from 0 or 1, they give the order.
 *
 * @throws FepError `FEP_USAGE` when the file cannot be read or has another format
 */
export function readClassNames(file: string): string[] {
  try {
    return parseClassNames(readFileSync(file, 'utf8').replace(/^\ufeff/, ''));
  } catch (error) {
    throw new FepError('FEP_USAGE', `The class names in ${file} cannot be read: ${messageOf(error)}.`, {
      cause: error,
      hint: 'Give a JSON array of names, a JSON object of names and indices, or a text file with one name a line.',
    });
  }
}

function parseClassNames(text: string): string[] {
  const names = /^\s*[[{]/.test(text) ? fromJson(JSON.parse(text)) : fromLines(text);
  if (names.length === 0) throw new Error('there are none');
  return names;
}

interface Numbered {
  index: number;
  name: string;
}

function fromJson(value: unknown): string[] {
  if (Array.isArray(value)) {
    if (value.every((name) => typeof name === 'string')) return value;
    throw new Error('the array holds values that are not strings');
  }
  const pairs = Object.entries(value as Record<string, unknown>).map(([key, other]) =>
    typeof other === 'number' ? { index: other, name: key } : { index: Number(key), name: String(other) },
  );
  const names = inOrder(pairs.map(({ index, name }) => ({ index, name: name.replace(/^"+|"+$/g, '') })));
  if (names) return names;
  throw new Error("the object's indices do not count from 0 or 1");
}

function fromLines(text: string): string[] {
  const lines = text.split('\n').flatMap((line) => line.trim() || []);
  return numbered(lines, NUMBER_FIRST) ?? numbered(lines, NUMBER_LAST) ?? lines;
}

function numbered(lines: string[], pattern: RegExp): string[] | undefined {
  const pairs: Numbered[] = lines.flatMap((line) => {
    const { index, name } = pattern.exec(line)?.groups ?? {};
    return index === undefined || name === undefined ? [] : { index: Number(index), name };
  });
  return pairs.length === lines.length ? inOrder(pairs) : undefined;
}

/** The names sorted by number; undefined unless the numbers count from 0 or 1. */
function inOrder(pairs: Numbered[]): string[] | undefined {
  const ordered = [...pairs].sort((a, b) => a.index - b.index);
  const start = ordered[0]?.index ?? 0;
  const counts = ordered.every(({ index }, i) => index === start + i);
  return counts && (start === 0 || start === 1) ? ordered.map(({ name }) => name) : undefined;
}
