import { InvalidArgumentError } from 'commander';
import { shardFromEnvironment } from '../bench/settings/shardFromEnvironment';
import type { MethodInput } from '../evaluate/entry';
import { IMPORT_AVERAGES } from '../import/options';
import { type Resize, type Sampling, samplingSchema, type Tokens } from '../manifest/manifest';
import { defined } from '../options/defined';

// Parsers of option values. They check the format; the API checks the ranges.

export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}

export function integer(text: string): number {
  const value = number(text);
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('It must be a whole number.');
  return value;
}

/** `0.1` or `0.05,0.1,0.2`. */
export function numbers(text: string): number[] {
  return text.split(',').map(number);
}

/** `4,1`. */
export function integers(text: string): number[] {
  return text.split(',').map(integer);
}

/** `time`, `segments`, or numbers of axes. */
export function averageOver(text: string): string {
  if (IMPORT_AVERAGES.test(text)) return text;
  throw new InvalidArgumentError('It must be time, segments, or numbers of axes as in 2,3,4.');
}

/** One number for all channels, or three. */
export function perChannel(text: string): [number, number, number] {
  const values = numbers(text);
  if (values.length !== 1 && values.length !== 3) {
    throw new InvalidArgumentError('It must be one number, or three separated by commas.');
  }
  return [values[0]!, values[1] ?? values[0]!, values[2] ?? values[0]!];
}

/** `112`, or HEIGHTxWIDTH such as `112x160`. */
export function size(text: string): { height: number; width: number } {
  const match = /^(\d+)(?:x(\d+))?$/i.exec(text);
  if (!match) throw new InvalidArgumentError('It must be a number of pixels, or HEIGHTxWIDTH.');
  return { height: Number(match[1]), width: Number(match[2] ?? match[1]) };
}

/** `8x14x14`, or `8x14x14+1` with a class token. */
export function tokens(text: string): Tokens {
  const match = /^(\d+)x(\d+)x(\d+)(?:\+(\d+))?$/i.exec(text);
  if (!match) throw new InvalidArgumentError('It must be TxHxW patches, as 8x14x14, or 8x14x14+1.');
  const [time, height, width, prefix] = match.slice(1).map((digits) => Number(digits ?? 0));
  return { grid: [time!, height!, width!], prefix: prefix! };
}

/** `uniform`, `uniform:step`, `dense`, `dense:2`, `dense:start` or `dense:2:end`. */
export function sampling(text: string): Sampling {
  const [type, ...more] = text.split(':');
  const stride = type === 'dense' && /^\d+$/.test(more[0] ?? '') ? Number(more.shift()) : undefined;
  const read = samplingSchema.safeParse(defined({ type, stride, offset: more.shift() }));
  if (read.success && more.length === 0) return read.data;
  throw new InvalidArgumentError(
    'It must be uniform or uniform:OFFSET (start, middle, end, step), or dense, dense:STRIDE or dense:STRIDE:OFFSET (start, middle, end).',
  );
}

/** The values of black and white: `0..255`. */
export function pixelRange(text: string): [number, number] {
  const [low, high, ...more] = text.split('..').map(number);
  if (low === undefined || high === undefined || more.length > 0 || low >= high) {
    throw new InvalidArgumentError('It must be LOW..HIGH, the lower number first: 0..1, 0..255 or -1..1.');
  }
  return [low, high];
}

/** `stretch`, `stretch:128x171` (height and width, before a crop) or `short-side:128`. */
export function resize(text: string): Resize {
  const match = /^(stretch)(?::(\d+)x(\d+))?$|^short-side:(\d+)$/.exec(text);
  if (!match)
    throw new InvalidArgumentError('It must be stretch, stretch:HEIGHTxWIDTH or short-side:PIXELS.');
  if (!match[1]) return { mode: 'short-side', size: Number(match[4]) };
  return match[2]
    ? { mode: 'stretch', height: Number(match[2]), width: Number(match[3]) }
    : { mode: 'stretch' };
}

/** `ep,step`. */
export function names(text: string): string[] {
  const all = text.split(',').map((name) => name.trim());
  if (all.includes('')) throw new InvalidArgumentError('It must be names separated by commas.');
  return all;
}

/** Methods and their options, as names or objects; not validated. */
export type MethodRows = (string | MethodInput)[];

/** `ep,step@step=13`, or a JSON array of rows as in the API. */
export function rows(text: string): MethodRows {
  if (!text.startsWith('[')) return names(text);
  try {
    return JSON.parse(text) as MethodRows;
  } catch {
    throw new InvalidArgumentError('It must be names separated by commas, or a JSON array.');
  }
}

/** `2/3`; `auto` and `auto/3` take the index from the scheduler's environment. */
export function shard(text: string): { index: number; of: number } {
  const [auto, of] = /^auto(?:\/(\d+))?$/.exec(text) ?? [];
  if (auto !== undefined) return shardFromEnvironment(process.env, of === undefined ? undefined : Number(of));
  const match = /^(\d+)\/(\d+)$/.exec(text);
  if (!match) throw new InvalidArgumentError('It must be i/n, e.g. 2/3, or auto or auto/n.');
  return { index: Number(match[1]), of: Number(match[2]) };
}

/** `all`, `none`, or a count. */
export function howMany(text: string): number | 'all' {
  if (text === 'all') return 'all';
  const count = text === 'none' ? 0 : integer(text);
  if (count < 0) throw new InvalidArgumentError('It must be a number ≥ 0, all or none.');
  return count;
}

/** A name, or JSON that starts with a brace. */
export function nameOrObject(text: string): string | Record<string, unknown> {
  if (!text.startsWith('{')) return text;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new InvalidArgumentError('It must be a name or a JSON object.');
  }
}

/** Pairs of r_l and r_h: `1/0,0.5/0.2`. */
export function ratios(text: string): [number, number][] {
  return text.split(',').map((one) => pair(one, 'pairs LOW/HIGH, separated by commas: 1/0,0.5/0.2'));
}

/** Pairs of step and σ: `7/11,13/23`. */
export function grids(text: string): [number, number][] {
  return text.split(',').map((one) => pair(one, 'pairs STEP/SIGMA, separated by commas: 7/11,13/23'));
}

/** `constant`, or the shares of a run between which bands open: `constant,0.2/0.7`. */
export function courses(text: string): ('constant' | [number, number])[] {
  const expected = 'constant or BEGIN/END, separated by commas: constant,0.2/0.7';
  return text.split(',').map((one) => (one === 'constant' ? one : pair(one, expected)));
}

/** Two numbers with a slash between them. */
function pair(text: string, expected: string): [number, number] {
  const parts = text.split('/');
  const [first, second] = parts.map(Number);
  const areNumbers = parts.every((part) => part.trim() !== '' && Number.isFinite(Number(part)));
  if (parts.length === 2 && areNumbers) return [first!, second!];
  throw new InvalidArgumentError(`It must be ${expected}.`);
}
