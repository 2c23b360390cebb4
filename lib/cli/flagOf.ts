import { InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { factsOf } from '../methods/option';
import { type OptionName, optionsNamed } from '../methods/options';
import { flagName } from '../options/flagName';
import { choice } from './choices';
import { integer, number, numbers } from './values';

/** What a command says otherwise of an option than the methods do. */
interface Changes {
  /** Help line, with its default. */
  help?: string;
  /** Reads less than `explain` does: one number of an area, or budgets alone. */
  read?: (text: string) => unknown;
}

/** The flag of an option, its type, help and default as the methods describe them. */
export function flagOf(name: OptionName, { help = helpOf(name), read: own }: Changes = {}): Option {
  const { schema } = optionsNamed(name)[0]!;
  const type = schema.unwrap() as z.ZodType;
  const flag = `--${flagName(name)}`;
  if (type instanceof z.ZodBoolean) return new Option(flag, help);
  const withValue = `${flag} <${factsOf(schema).value}>`;
  if (type instanceof z.ZodEnum) return choice(withValue, help, type.options as string[]);
  const option = new Option(withValue, help);
  const read = own ?? readerOf(type);
  return read ? option.argParser(read) : option;
}

/** Help and default of an option, of each kind that methods of several families have. */
function helpOf(name: OptionName): string {
  return optionsNamed(name)
    .map(({ schema }) => {
      const { help, default: value, defaultText = plain(value) } = factsOf(schema);
      return defaultText === undefined ? help : `${help} (default: ${defaultText})`;
    })
    .join('; ');
}

function plain(value: unknown): string | undefined {
  if (typeof value === 'boolean' || typeof value === 'function' || value === null) return undefined;
  return String(value);
}

/** Reads a value of a type; undefined where the text itself is the value. */
function readerOf(type: z.ZodType): ((text: string) => unknown) | undefined {
  if (type instanceof z.ZodTuple) return (text) => numbersOf(text, type.def.items.length);
  if (type instanceof z.ZodNumber) return type.isInt ? integer : number;
  if (!(type instanceof z.ZodUnion)) return type instanceof z.ZodArray ? numbers : undefined;
  return readerOfUnion(type.options as z.ZodType[]);
}

/** Takes one of the union's words as it is, and reads everything else as its number or its list of numbers. */
function readerOfUnion(options: z.ZodType[]): ((text: string) => unknown) | undefined {
  if (options.some((option) => option instanceof z.ZodString)) return undefined;
  const words = options.filter((option) => option instanceof z.ZodLiteral).map(({ value }) => value);
  const list = options.find((option) => option instanceof z.ZodArray);
  const read = list ? numbers : options.map(readerOf).find((reader) => reader !== undefined);
  if (!read || words.length === 0) return read;
  return (text) => (words.includes(text) ? text : readUnlessWord(text, read, words));
}

function readUnlessWord(text: string, read: (text: string) => unknown, words: readonly unknown[]): unknown {
  if (/^[\d.,\s+-]/.test(text)) return read(text);
  throw new InvalidArgumentError(`It must be numbers separated by commas, or ${words.join(' or ')}.`);
}

/** Whole numbers parted by commas: `4,7,7`. */
function numbersOf(text: string, count: number): number[] {
  const values = text.split(',').map(integer);
  if (values.length === count) return values;
  throw new InvalidArgumentError(`It must be ${count} numbers separated by commas.`);
}
