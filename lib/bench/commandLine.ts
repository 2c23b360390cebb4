import { isDeepStrictEqual } from 'node:util';
import type { MethodEntry } from '../evaluate/entry';
import { labelOf } from '../evaluate/labels';
import { parseMethod } from '../evaluate/parseMethod';
import { isMaskMethod } from '../methods/methods';
import { presetByDefault, setsTheSearch } from '../methods/presetByDefault';
import { type FlagValue, flagWords } from '../options/commandWords';
import { defined } from '../options/defined';
import { flagName } from '../options/flagName';
import type { BenchRecord } from './run/record';
import type { BenchConfig } from './settings/config';

type Options = BenchConfig['options'];

/**
 * The command that does again what a bench did to a clip: the same masks, bit by bit on the same machine, and the same
 * scores. Clips that were explained side by side are an exception: see `aboutCommands`.
 */
export function compareCommand(
  { model, sample, place }: Pick<BenchRecord, 'model' | 'sample' | 'place'>,
  { options, places, models, device }: BenchConfig,
): string {
  const { data, methods, area, difficulty, seed, classes: _, limit: __, batch: ___, ...others } = options;
  // Options are told under their own names, new ones as well; the type refuses what is no value of a command line.
  const told: { [Option in keyof Options]: FlagValue } = {
    ...others,
    data: places?.data ?? data,
    // Which clips there are, not what is made of one of them.
    classes: undefined,
    limit: undefined,
    difficulty: typeof difficulty === 'object' ? JSON.stringify(difficulty) : difficulty,
    methods: undefined, // `--method`
    area: area.join(','),
    batch: undefined,
    seed: seed + place, // as `computeItem` does
  };
  const file = places?.models[models.findIndex(({ name }) => name === model)] ?? model;
  const rows = methods.map((row) => withPreset(row, options));
  const all = { sample, model: file, method: methodsOnCommandLine(rows), ...told, device };
  return [
    'npx fep-native compare',
    ...Object.entries(all).flatMap(([name, value]) => flagWords(name, value)),
  ].join(' ');
}

/** A row, with its preset where `compare`, which takes few updates unless it is told otherwise, would choose another. */
function withPreset(row: Options['methods'][number], shared: Options): Options['methods'][number] {
  const { method, options } = row as MethodEntry;
  if (method === 'oracle' || !isMaskMethod(method)) return row;
  const told = { ...shared, ...defined(options), method };
  if (told.preset !== undefined || setsTheSearch(told)) return row;
  const preset = presetByDefault(told);
  return preset === 'quick' ? row : { ...row, options: { ...options, preset } };
}

/** What `compareCommand` cannot do as the bench did, a line each. */
export function aboutCommands({ options: { batch = 1 } }: BenchConfig): string[] {
  if (batch === 1) return [];
  return [
    `${batch} clips were explained side by side; a clip's command explains it by itself, where the model rounds otherwise.`,
  ];
}

/** Rows as `--method` takes them: what `parseMethod` reads or, where that does not say it all, JSON. */
export function methodsOnCommandLine(methods: Options['methods']): string {
  if (methods.every(saysItAll)) return methods.map(text).join(',');
  return JSON.stringify(methods.map(({ method, label, options }) => ({ method, label, options })));
}

function text({ method, options }: Pick<Options['methods'][number], 'method' | 'options'>): string {
  const settings = Object.entries(options).map(([name, value]) => `${flagName(name)}=${written(value)}`);
  return settings.length > 0 ? `${method}@${settings.join(':')}` : method;
}

/** Whether the method, written as text, is read back as the very same: a comma separates methods, for example. */
function saysItAll({ label, ...entry }: Options['methods'][number]): boolean {
  const { method, options } = entry;
  if (label !== labelOf({ method, options } as MethodEntry) || text(entry).includes(',')) return false;
  try {
    return isDeepStrictEqual(parseMethod(text(entry)), { method, options: { ...options } });
  } catch {
    return false;
  }
}

function written(value: unknown): string {
  return Array.isArray(value) ? value.join('x') : String(value);
}
